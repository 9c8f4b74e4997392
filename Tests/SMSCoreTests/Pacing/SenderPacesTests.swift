import Contracts
import TestSupport
import Testing

@testable import SMSCore

@Suite("The paces of single senders")
struct SenderPacesTests {
    private let slow = Sender.named(1)
    private let other = Sender.named(2)

    private func configuration(_ slowLimit: PaceLimit, rate: PaceLimit = .perSecond(100)) -> SlotScheduler.Configuration
    {
        .init(rate: rate, senders: SenderLimits(named: [slow: slowLimit]))
    }

    @Test("keep two seconds of a sender's messages inside, and give each of the others a slot of its own")
    func reservations() {
        var day = Simulation(configuration(.perSecond(1)))
        for number in 0..<10 { day.come(.of("\(number)", from: slow), at: .zero) }
        day.run(until: .seconds(5))
        #expect(day.moments() == [.zero, .seconds(1), .seconds(2)])
        #expect(day.parked.map(\.until) == (3..<10).map { .seconds($0) })
    }

    @Test("let one that comes back with its slot go without a new one, also a little late")
    func comingBack() {
        var day = Simulation(configuration(.perSecond(1)))
        var random = SplitMix64()
        day.comesBack = { [box = Box(random)] in box.value.upTo(.milliseconds(900)) }
        for number in 0..<60 { day.come(.of("\(number)", from: slow), at: random.upTo(.milliseconds(100))) }
        day.run(until: .seconds(100))
        #expect(day.grants.count == 60)
        #expect(day.parked.count == 57, "seed \(random.seed)")
        #expect((day.moments().last ?? .zero) < .seconds(61), "seed \(random.seed)")
        #expect(most(of: day.moments(), within: .milliseconds(2999)) <= 4, "seed \(random.seed)")
    }

    @Test("send one that comes back too early away again, to the same slot")
    func tooEarly() {
        var scheduler = SlotScheduler(configuration(.perSecond(1)))
        let early = SlotRequest.of("a", from: slow)
        #expect(scheduler.enter(early, reservation: .seconds(10), now: .seconds(1)) == .later(until: .seconds(10)))
        #expect(scheduler.enter(.of("b", from: slow), now: .seconds(1)) == .waits(1))
    }

    @Test("hold up no other sender and no other lane", arguments: [Lane.send, .bulk])
    func isolation(lane: Lane) {
        var day = Simulation(configuration(.perSecond(1)))
        for number in 0..<50 { day.come(.of("s\(number)", from: slow), at: .zero) }
        for number in 0..<50 { day.come(.of("o\(number)", lane, from: other), at: .milliseconds(1)) }
        day.run(until: .seconds(1))
        let others = day.grants.filter { $0.request.sender == other }
        #expect(others.count == 50)
        #expect(others.allSatisfy { $0.grantedAt < .milliseconds(600) })
    }

    @Test("give each sender that was not named a limit for itself, and limit the named ones by theirs")
    func eachForItself() {
        let senders = SenderLimits(named: [slow: .perSecond(2)], others: .perSecond(10))
        var day = Simulation(.init(rate: .unlimited, senders: senders))
        day.comesBack = { .zero }
        for number in 0..<100 {
            day.come(.of("a\(number)", from: slow), at: .zero)
            for sender in 2..<7 { day.come(.of("\(sender)-\(number)", from: .named(sender)), at: .zero) }
        }
        day.run(until: .seconds(5))
        for sender in 1..<7 {
            let moments = day.grants.filter { $0.request.sender == .named(sender) }.map(\.grantedAt)
            let rate = sender == 1 ? 2 : 10
            #expect(abs(moments.count - rate * 5) <= 1)
            #expect(most(of: moments, within: .seconds(1)) <= rate + 1)
        }
    }

    @Test("keep a sender's limit with random arrivals, lateness and returns", arguments: 0..<10)
    func randomDays(day: Int) {
        var random = SplitMix64()
        let senders = SenderLimits(named: [slow: .perSecond(3)], others: .perSecond(20))
        var day = Simulation(.init(concurrency: 16, rate: .perSecond(60), senders: senders))
        day.lateness = { [box = Box(random)] in box.value.upTo(.milliseconds(9)) }
        var back = random
        _ = back.next()
        day.comesBack = { [box = Box(back)] in box.value.upTo(.seconds(3)) }
        for number in 0..<600 {
            let sender = Sender.named(Int.random(in: 1...6, using: &random))
            let lane = Bool.random(using: &random) ? Lane.send : .bulk
            day.come(.of("\(number)", lane, from: sender), at: random.upTo(.seconds(10)))
        }
        day.run(until: .seconds(300))
        #expect(day.grants.count == 600, "seed \(random.seed)")
        for sender in 1...6 {
            let moments = day.grants.filter { $0.request.sender == .named(sender) }.map(\.grantedAt)
            #expect(most(of: moments, within: .seconds(1)) <= (sender == 1 ? 4 : 21), "seed \(random.seed)")
        }
        #expect(day.scheduler.snapshot(now: .zero).waiting == [.send: 0, .bulk: 0], "seed \(random.seed)")
    }

    @Test("let a crowd that comes back after a long pause go at the sender's pace, and hold up no other sender")
    func afterPause() {
        var day = Simulation(configuration(.perSecond(2)))
        day.comesBack = { .zero }
        // A hundred slots from long ago, all at once.
        for number in 0..<100 {
            day.come(.of("\(number)", from: slow), reservation: .seconds(number), at: .seconds(500))
        }
        for number in 0..<100 { day.come(.of("o\(number)", from: other), at: .seconds(501)) }
        day.run(until: .seconds(900))
        let slowMoments = day.grants.filter { $0.request.sender == slow }.map(\.grantedAt)
        #expect(slowMoments.count == 100)
        #expect(most(of: slowMoments, within: .seconds(1)) <= 3)
        #expect((slowMoments.last ?? .zero) <= .seconds(500 + 51))
        let others = day.grants.filter { $0.request.sender == other }.map(\.grantedAt)
        #expect((others.last ?? .zero) < .seconds(503))
    }

    @Test("send nothing away that waits for the account anyway")
    func accountIsSlower() {
        var day = Simulation(configuration(.perSecond(10), rate: .perSecond(2)))
        for number in 0..<100 { day.come(.of("\(number)", from: slow), at: .zero) }
        day.run(until: .seconds(49))
        #expect(day.parked.isEmpty)
        #expect(day.grants.count >= 98)
    }

    @Test("forget senders that are idle")
    func memory() {
        var day = Simulation(.init(rate: .unlimited, senders: SenderLimits(others: .perSecond(10))))
        for number in 0..<20_000 {
            day.come(.of("\(number)", from: .named(number)), at: .milliseconds(20_000 - number))
        }
        day.run(until: .seconds(30))
        #expect(day.grants.count == 20_000)
        // A sender is idle after 100 ms, in which a hundred others come.
        #expect(day.scheduler.snapshot(now: .seconds(30)).senders <= 512)
    }

    @Test("goes on by itself with a lead, which is for the account's slots and not for the sender's")
    func lead() {
        var day = Simulation(
            .init(rate: .unlimited, senders: SenderLimits(named: [.ours: .perSecond(1)]), lead: .milliseconds(50))
        )
        for number in 0..<3 { day.come(.of("\(number)"), at: .zero) }
        day.run(until: .seconds(3))
        #expect(day.grants.map(\.grantedAt) == [.zero, .seconds(1), .seconds(2)])
    }

    @Test("makes up for no pause of the machine in a burst")
    func pause() {
        var day = Simulation(.init(rate: .unlimited, senders: SenderLimits(named: [.ours: .perSecond(10)])))
        day.lateness = { .milliseconds(400) }
        for number in 0..<15 { day.come(.of("\(number)"), at: .zero) }
        day.run(until: .seconds(20))
        #expect(day.grants.count == 15)
        #expect(most(of: day.moments(), within: .milliseconds(250)) <= 1)
    }
}
