import Contracts
import Testing

@testable import SMSCore

@Suite("The scheduler of slots: while the breaker is open")
struct SlotSchedulerBreakerTests {
    private static let broke = SubmitOutcome.accountTrouble(ProviderProblem(status: 402))

    @Test("sends nothing but probes, each with another command, and everything once one is accepted")
    func outage() {
        var day = Simulation(.init(concurrency: 8, rate: .unlimited))
        day.latency = .milliseconds(10)
        day.outcome = { _, now in now < .seconds(20) ? Self.broke : .accepted(messageUUID: "u") }
        day.come(.of("first"), at: .zero)
        for number in 0..<50 { day.come(.of("\(number)", number % 2 == 0 ? .send : .bulk), at: .milliseconds(500)) }
        day.run(until: .seconds(200))
        let probes = day.grants.filter(\.isProbe)
        #expect(probes.map { $0.grantedAt.components.seconds } == [1, 3, 7, 15, 31])
        #expect(Set(probes.map(\.request.id)).count == 5)
        #expect(!probes.contains { $0.request.id.text == "first" })
        #expect(day.grants.count == 51)
        #expect(!day.grants.contains { !$0.isProbe && $0.grantedAt > .zero && $0.grantedAt < .seconds(31) })
    }

    @Test("takes the command that opened it for a probe only when no other waits")
    func sameCommand() {
        for others in [[], [Lane.send], [.bulk]] {
            var day = Simulation(.init(rate: .perSecond(100)))
            day.outcome = { grant, _ in grant.request.id.text == "bad" ? Self.broke : .accepted(messageUUID: "u") }
            day.come(.of("bad"), at: .zero)
            day.come(.of("bad"), at: .milliseconds(500))
            for lane in others { day.come(.of("good", lane), at: .milliseconds(600)) }
            day.run(until: .milliseconds(1500))
            let probe = day.grants.first { $0.isProbe }
            #expect(probe?.request.id.text == (others.isEmpty ? "bad" : "good"))
        }
    }

    @Test("never stops the others for long because of one command that is refused again and again")
    func oneBadCommand() {
        var day = Simulation(.init(rate: .perSecond(50)))
        day.outcome = { grant, _ in grant.request.id.text == "bad" ? Self.broke : .accepted(messageUUID: "u") }
        for number in 0..<1000 { day.come(.of("\(number)"), at: .milliseconds(20 * number)) }
        for second in 1..<20 { day.come(.of("bad"), at: .seconds(second)) }
        day.run(until: .seconds(40))
        #expect(day.grants.count == 1019)
        // One pause of a second and a little, at the first refusal.
        #expect(day.grants.filter(\.isProbe).count == 1)
        #expect((day.moments().last ?? .zero) < .seconds(23))
    }

    @Test("is sent nothing while a hold is in force, and probes after it")
    func holdAndProbe() {
        var day = Simulation(.init(rate: .unlimited))
        day.latency = .milliseconds(100)
        day.outcome = { grant, _ in
            switch grant.request.id.text {
            case "bad": Self.broke
            case "busy": .throttled(retryAfter: .seconds(30))
            default: .accepted(messageUUID: "u")
            }
        }
        day.come(.of("bad"), at: .zero)
        day.come(.of("busy"), at: .zero)
        day.come(.of("next"), at: .seconds(1))
        day.run(until: .seconds(60))
        #expect(day.grants.map(\.grantedAt) == [.zero, .zero, .milliseconds(30_100)])
        #expect(day.grants.map(\.isProbe) == [false, false, true])
    }

    @Test(
        "opens after five different commands that the provider could not take, and stays within the attempts of a probe"
    )
    func provider() {
        var day = Simulation(.init(concurrency: 2, rate: .perSecond(20)))
        day.latency = .milliseconds(5)
        let problem = ProviderProblem(status: 503)
        day.outcome = { _, now in
            now < .seconds(6) ? .unavailable(reason: "503", problem) : .accepted(messageUUID: "u")
        }
        for number in 0..<40 { day.come(.of("\(number)"), at: .zero) }
        day.run(until: .seconds(60))
        #expect(day.grants.prefix(5).allSatisfy { !$0.isProbe && $0.grantedAt < .milliseconds(300) })
        #expect(day.grants.dropFirst(5).prefix(3).map(\.isProbe) == [true, true, true])
        #expect(day.grants.count == 40)
        #expect(day.scheduler.breaker.state == .closed)
    }
}
