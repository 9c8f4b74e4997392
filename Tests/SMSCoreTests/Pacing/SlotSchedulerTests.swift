import Contracts
import TestSupport
import Testing

@testable import SMSCore

@Suite("The scheduler of slots: lanes and the account's rate")
struct SlotSchedulerTests {
    @Test("keeps the rate with random arrivals, answers and late timers", arguments: 0..<20)
    func randomDays(day: Int) {
        var random = SplitMix64()
        let rate = Int.random(in: 5...200, using: &random)
        var day = Simulation(.init(concurrency: Int.random(in: 1...64, using: &random), rate: .perSecond(rate)))
        day.lateness = { [box = Box(random)] in box.value.upTo(.milliseconds(9)) }
        day.latency = random.upTo(.milliseconds(300))
        for number in 0..<1500 {
            let lane = Bool.random(using: &random) ? Lane.send : .bulk
            day.come(.of("\(number)", lane), at: random.upTo(.seconds(8)))
        }
        day.run(until: .seconds(590))
        #expect(day.grants.count == 1500, "seed \(random.seed)")
        #expect(most(of: day.moments(), within: .seconds(1)) <= rate + 1, "seed \(random.seed)")
        #expect(Set(day.grants.map(\.ticket)).count == day.grants.count, "seed \(random.seed)")
    }

    @Test("sends 50 a second within 1 % while anything waits", arguments: [0, 3, 9])
    func steady(lateMilliseconds: Int) {
        var random = SplitMix64()
        var day = Simulation(.init(rate: .perSecond(50)))
        day.lateness = { [box = Box(random)] in box.value.upTo(.milliseconds(lateMilliseconds)) }
        for number in 0..<600 { day.come(.of("\(number)"), at: random.upTo(.milliseconds(10))) }
        day.run(until: .seconds(10))
        #expect(abs(day.grants.count - 500) <= 5)
        #expect(most(of: day.moments(), within: .seconds(1)) <= 51)
    }

    @Test("a slot costs nothing where neither the account nor a sender has a limit, and a 429 does not hold")
    func free() {
        let limits: [(SlotScheduler.Configuration, isFree: Bool)] = [
            (.init(rate: .unlimited), true),
            (.init(rate: .perSecond(50)), false),
            (.init(rate: .unlimited, senders: SenderLimits(named: [.ours: .perSecond(1)])), false),
            (.init(rate: .unlimited, senders: SenderLimits(others: .perSecond(1))), false),
            (.init(rate: .unlimited, senders: SenderLimits(named: [.ours: .unlimited])), true),
        ]
        for (configuration, isFree) in limits {
            #expect(SlotScheduler(configuration).isFree(now: .zero) == isFree, "\(configuration)")
        }
        var scheduler = SlotScheduler(.init(rate: .unlimited))
        _ = scheduler.enter(.of("a"), now: .zero)
        guard case .go(let grant)? = scheduler.advance(now: .zero).first else {
            Issue.record("nothing was granted")
            return
        }
        let wall = Timestamp(milliseconds: 0)
        scheduler.finish(grant, .throttled(retryAfter: .seconds(3)), now: .zero, wall: wall)
        #expect(!scheduler.isFree(now: .seconds(2)))
        #expect(scheduler.isFree(now: .seconds(3)))
    }

    @Test("lets `send` go before bulk that came long before")
    func sendFirst() {
        var day = Simulation(.init(rate: .perSecond(30)))
        for number in 0..<300 { day.come(.of("b\(number)", .bulk), at: .zero) }
        for number in 0..<8 { day.come(.of("s\(number)"), at: .milliseconds(1000 + number)) }
        day.run(until: .seconds(2))
        let last = day.grants.last { $0.request.lane == .send }
        #expect(day.moments(.send).count == 8)
        // Eight slots in a row, and none of bulk between them.
        #expect((last?.grantedAt ?? .zero) < .milliseconds(1000 + 9 * 34))
    }

    @Test("lets what returns from a wait go before what has not begun, in its lane and of its sender alone")
    func returnedFirst() {
        var day = Simulation(.init(rate: .perSecond(10)))
        for number in 0..<50 { day.come(.of("b\(number)", .bulk), at: .zero) }
        for number in 0..<3 { day.come(.of("r\(number)", .bulk, isReturned: true), at: .milliseconds(505 + number)) }
        for number in 0..<3 { day.come(.of("s\(number)"), at: .milliseconds(510 + number)) }
        day.run(until: .seconds(3))
        let later = day.grants.filter { $0.grantedAt > .milliseconds(550) }.map(\.request.id.text)
        #expect(later.prefix(6) == ["s0", "s1", "s2", "r0", "r1", "r2"])
        #expect(later.dropFirst(6).allSatisfy { $0.hasPrefix("b") })
        // What was there before them has gone in its order.
        #expect(day.grants.first?.request.id.text == "b0")
    }

    @Test(
        "lets a code go within a second although 100,000 bulk messages wait, at any usual rate",
        arguments: [2, 30, 0]
    )
    func codeBehindCampaign(rate: Int) {
        var scheduler = SlotScheduler(.init(rate: .perSecond(rate)))
        var grants: [SlotGrant] = []
        func note(_ actions: [SlotScheduler.Action]) {
            for case .go(let grant) in actions { grants.append(grant) }
        }
        for number in 0..<100_000 { _ = scheduler.enter(.of("b\(number)", .bulk), now: .zero) }
        note(scheduler.advance(now: .zero))
        _ = scheduler.enter(.of("code"), now: .milliseconds(10))
        note(scheduler.advance(now: .milliseconds(10)))
        note(scheduler.advance(now: .milliseconds(1010)))
        #expect(grants.contains { $0.request.lane == .send && $0.grantedAt <= .milliseconds(1010) })
    }

    @Test("gives bulk at least every tenth grant when both wait", arguments: [7, 50, 300])
    func bulkShare(rate: Int) {
        var day = Simulation(.init(rate: .perSecond(rate)))
        for number in 0..<(rate * 10) {
            day.come(.of("s\(number)"), at: .zero)
            day.come(.of("b\(number)", .bulk), at: .zero)
        }
        day.run(until: .seconds(8))
        // The first went before anything of bulk had come.
        let lanes = day.grants.dropFirst().map(\.request.lane)
        #expect(lanes.count > rate * 7)
        for start in lanes.indices.dropLast(10) { #expect(lanes[start..<(start + 10)].contains(.bulk)) }
        #expect(lanes.count { $0 == .bulk } <= lanes.count / 9)
    }

    @Test(
        "gives bulk at least a tenth of the segments, whatever the messages of both lanes cost",
        arguments: [1, 2, 5]
    )
    func bulkShareInSegments(bulkSegments: Int) {
        var day = Simulation(.init(rate: .perSecond(60, .segments)))
        for number in 0..<600 {
            day.come(.of("s\(number)", segments: 3), at: .zero)
            day.come(.of("b\(number)", .bulk, segments: bulkSegments), at: .zero)
        }
        day.run(until: .seconds(20))
        let all = day.grants.map(\.request.segments).reduce(0, +)
        let bulk = day.grants.filter { $0.request.lane == .bulk }.map(\.request.segments).reduce(0, +)
        #expect(abs(all - 1200) <= 15)
        #expect(bulk * 10 >= all - 30)
    }

    @Test("gives bulk everything while nothing else waits")
    func bulkAlone() {
        var day = Simulation(.init(rate: .perSecond(50)))
        for number in 0..<600 { day.come(.of("b\(number)", .bulk), at: .zero) }
        day.run(until: .seconds(10))
        #expect(abs(day.grants.count - 500) <= 5)
    }

    @Test("holds everything for a 429, then goes on at half the speed and grows", arguments: [1, 20])
    func throttled(seconds: Int) {
        var day = Simulation(.init(rate: .perSecond(40)))
        day.outcome = { grant, now in
            grant.request.id.text == "20" ? .throttled(retryAfter: .seconds(seconds)) : .accepted(messageUUID: "u")
        }
        for number in 0..<4000 { day.come(.of("\(number)"), at: .zero) }
        day.run(until: .seconds(60))
        let answered = Duration.milliseconds(20 * 25 + 50)
        let resumed = answered + .seconds(seconds)
        #expect(!day.moments().contains { $0 > answered && $0 < resumed })
        let first = day.moments().filter { $0 >= resumed }
        #expect(first.first == resumed)
        // 20/s growing by 2/s a second.
        #expect(abs(first.count { $0 < resumed + .seconds(2) } - 44) <= 2)
        #expect(abs(first.count { $0 >= resumed + .seconds(10) && $0 < resumed + .seconds(20) } - 400) <= 4)
    }

    @Test("turns away what has waited ten minutes, for half a minute")
    func longStay() {
        var day = Simulation(.init(concurrency: 1, rate: .unlimited))
        day.latency = .seconds(2000)
        day.come(.of("a"), at: .zero)
        day.come(.of("b"), at: .seconds(1))
        day.come(.of("c", .bulk), at: .seconds(2))
        day.run(until: .seconds(900))
        #expect(day.turnedAway.map(\.0) == [2, 3])
        #expect(day.turnedAway.map(\.until) == [.seconds(631), .seconds(632)])
        #expect(day.scheduler.snapshot(now: .seconds(900)).waiting == [.send: 0, .bulk: 0])
    }

    @Test("grants ahead of the slot by the lead, and keeps the distance of the slots")
    func lead() {
        var day = Simulation(.init(rate: .perSecond(10), lead: .milliseconds(60)))
        for number in 0..<20 { day.come(.of("\(number)"), at: .seconds(1)) }
        day.run(until: .seconds(10))
        let slots = day.grants.map(\.slot)
        #expect(slots == (0..<20).map { .seconds(1) + .milliseconds(100) * $0 })
        #expect(day.grants.dropFirst().allSatisfy { $0.slot - $0.grantedAt == .milliseconds(60) })
    }

    @Test(
        "keeps the rate for the requests themselves, although the write before them takes its time",
        arguments: [30, 50, 200],
        [Duration.zero, .milliseconds(50)]
    )
    func slowWrites(rate: Int, lead: Duration) {
        var random = SplitMix64()
        let box = Box(random)
        var day = Simulation(.init(rate: .perSecond(rate), lead: lead))
        day.latency = .milliseconds(20)
        day.lateness = { box.value.upTo(.milliseconds(4)) }
        day.writing = {
            box.value.upTo(Int.random(in: 0..<100, using: &random) == 0 ? .milliseconds(200) : .milliseconds(30))
        }
        for number in 0..<(rate * 22) { day.come(.of("\(number)"), at: random.upTo(.milliseconds(10))) }
        day.run(until: .seconds(20))
        #expect(most(of: day.sent, within: .seconds(1)) <= rate + 1, "seed \(random.seed)")
        // With the lead only the rare long writes lose their slots.
        if lead > .zero { #expect(day.sent.count >= rate * 20 * 98 / 100, "seed \(random.seed)") }
    }

    @Test("has no ticket left when all were called off, in random order")
    func calledOff() {
        var random = SplitMix64()
        var scheduler = SlotScheduler(
            .init(concurrency: 4, rate: .unlimited, senders: .init(others: .perSecond(100)))
        )
        var numbers: [TicketNumber] = []
        var granted: [SlotGrant] = []
        for number in 0..<3000 {
            let request = SlotRequest.of("\(number)", number % 3 == 0 ? .bulk : .send, from: .named(number % 50))
            if case .waits(let ticket) = scheduler.enter(request, now: .zero) { numbers.append(ticket) }
            for case .go(let grant) in scheduler.advance(now: .zero) { granted.append(grant) }
        }
        for number in numbers.shuffled(using: &random) {
            scheduler.leave(number, now: .seconds(1))
            for case .go(let grant) in scheduler.advance(now: .seconds(1)) { granted.append(grant) }
        }
        for grant in granted { scheduler.finish(grant, nil, now: .seconds(1), wall: Simulation.wall(.seconds(1))) }
        #expect(scheduler.advance(now: .seconds(1)) == [])
        #expect(scheduler.wake == nil, "seed \(random.seed)")
        let snapshot = scheduler.snapshot(now: .seconds(1))
        #expect(snapshot.waiting == [.send: 0, .bulk: 0], "seed \(random.seed)")
        #expect(snapshot.inFlight == [.send: 0, .bulk: 0], "seed \(random.seed)")
        #expect(granted.count == 4)
    }
}

/// Something that a closure changes.
final class Box<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
}
