import Contracts
import TestSupport
import Testing

@testable import SMSCore

@Suite("The scheduler of slots: connections")
struct SlotSchedulerConcurrencyTests {
    /// Fills the gate with requests that are never answered, and returns how many of each lane got through.
    private func fill(_ lanes: [Lane], total: Int, rate: PaceLimit) -> [Lane: Int] {
        var scheduler = SlotScheduler(.init(concurrency: total, rate: rate))
        for lane in lanes {
            for number in 0..<(total * 2) { _ = scheduler.enter(.of("\(lane)\(number)", lane), now: .zero) }
            for second in 0..<(total * 3) { _ = scheduler.advance(now: .seconds(second)) }
        }
        return scheduler.snapshot(now: .zero).inFlight
    }

    @Test(
        "keep a quarter for `send`: bulk holds three quarters at most",
        arguments: [(64, 48), (8, 6), (5, 3), (4, 3), (2, 1), (1, 1)]
    )
    func quarter(total: Int, bulk: Int) {
        for rate in [PaceLimit.unlimited, .perSecond(10)] {
            #expect(fill([.bulk], total: total, rate: rate) == [.send: 0, .bulk: bulk])
            #expect(fill([.bulk, .send], total: total, rate: rate) == [.send: total - bulk, .bulk: bulk])
        }
    }

    @Test("may all be `send`'s while no bulk waits", arguments: [1, 3, 64])
    func allOfSend(total: Int) {
        #expect(fill([.send], total: total, rate: .unlimited) == [.send: total, .bulk: 0])
        #expect(fill([.send], total: total, rate: .perSecond(10)) == [.send: total, .bulk: 0])
    }

    @Test("keep a tenth for waiting bulk when the rate is unlimited")
    func tenth() {
        var day = Simulation(.init(concurrency: 40, rate: .unlimited))
        for number in 0..<20_000 {
            day.scheduler.enterAndForget(.of("s\(number)"))
            day.scheduler.enterAndForget(.of("b\(number)", .bulk))
        }
        day.come(.of("last"), at: .zero)
        day.run(until: .seconds(5))
        #expect(day.mostInFlight == 40)
        let bulk = day.moments(.bulk).count
        #expect(bulk * 10 >= day.grants.count)
        #expect(bulk * 6 < day.grants.count)
    }

    @Test("are never more than configured, and are given back whatever comes of a request", arguments: [1, 2, 17])
    func bounded(total: Int) {
        var random = SplitMix64()
        var day = Simulation(.init(concurrency: total, rate: .unlimited))
        let outcomes: [SubmitOutcome?] = [
            nil, .accepted(messageUUID: "u"), .refused(ProviderProblem(status: 422)),
            .uncertain(reason: "no answer", nil), .throttled(retryAfter: .milliseconds(10)),
            .unavailable(reason: "503", ProviderProblem(status: 503)),
        ]
        day.outcome = { [box = Box(random)] _, _ in outcomes.randomElement(using: &box.value) ?? nil }
        for number in 0..<1000 {
            day.come(.of("\(number)", number.isMultiple(of: 2) ? .send : .bulk), at: random.upTo(.seconds(5)))
        }
        day.run(until: .seconds(599))
        #expect(day.mostInFlight == total)
        #expect(day.grants.count == 1000, "seed \(random.seed)")
        #expect(day.scheduler.snapshot(now: .zero).inFlight == [.send: 0, .bulk: 0])
    }
}

extension SlotScheduler {
    /// A request comes at the beginning; its number is of no interest.
    mutating func enterAndForget(_ request: SlotRequest) { _ = enter(request, now: .zero) }
}
