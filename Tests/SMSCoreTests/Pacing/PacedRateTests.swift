import Contracts
import TestSupport
import Testing

@testable import SMSCore

@Suite("A paced rate")
struct PacedRateTests {
    /// Grants as fast as allowed, each so much later than its slot.
    private func saturate(
        _ limit: PaceLimit,
        for time: Duration,
        cost: () -> Int = { 1 },
        lateness: () -> Duration = { .zero }
    ) -> [Duration] {
        var rate = PacedRate(limit)
        var grants: [Duration] = []
        var now: Duration = .zero
        while true {
            now = max(now, rate.earliest + lateness())
            guard now < time else { return grants }
            _ = rate.take(cost: cost(), now: now, wasAwaited: !grants.isEmpty)
            grants.append(now)
        }
    }

    @Test(
        "grants its rate within 1 %, and in no second more than one above it",
        arguments: [1, 2, 7, 30, 50, 99, 100, 101, 200, 500, 1000, 3000]
    )
    func saturated(count: Int) {
        let grants = saturate(.perSecond(count), for: .seconds(10))
        #expect(most(of: grants, within: .seconds(1)) <= count + 1)
        // The first comes at once, so there may be one more.
        #expect((count * 990 / 100...count * 10 + 1).contains(grants.count))
    }

    @Test(
        "holds both when its timer is late by random times",
        arguments: [5, 30, 50, 100, 200, 1000],
        [Duration.milliseconds(2), .milliseconds(9)]
    )
    func lateTimers(count: Int, lateness: Duration) {
        var random = SplitMix64()
        let grants = saturate(.perSecond(count), for: .seconds(20), lateness: { random.upTo(lateness) })
        #expect(most(of: grants, within: .seconds(1)) <= count + 1, "seed \(random.seed)")
        #expect(abs(Double(grants.count) / Double(count * 20) - 1) <= 0.011, "seed \(random.seed)")
    }

    @Test("never makes up in a burst what a stall took", arguments: [30, 50, 200, 1000])
    func stalls(count: Int) {
        var random = SplitMix64()
        let stall = { Int.random(in: 0..<50, using: &random) == 0 ? random.upTo(.milliseconds(400)) : .zero }
        let grants = saturate(.perSecond(count), for: .seconds(30), lateness: stall)
        #expect(most(of: grants, within: .seconds(1)) <= count + 1, "seed \(random.seed)")
    }

    @Test("saves no idle time up")
    func idle() {
        var rate = PacedRate(.perSecond(10))
        let slots = [Duration.zero, .seconds(60), .seconds(60)].map { now in
            rate.take(cost: 1, now: max(now, rate.earliest), wasAwaited: false)
        }
        #expect(slots == [.zero, .seconds(60), .milliseconds(60_100)])
        #expect(rate.earliest == .milliseconds(60_200))
    }

    @Test("counts segments where the limit does")
    func segments() {
        var random = SplitMix64()
        let limit = PaceLimit.perSecond(30, .segments)
        #expect(PacedRate(limit).cost(ofSegments: 3) == 3)
        #expect(PacedRate(limit).cost(ofSegments: 0) == 1)
        #expect(PacedRate(.perSecond(30)).cost(ofSegments: 3) == 1)

        var spent = 0
        let cost = {
            let cost = Int.random(in: 1...5, using: &random)
            spent += cost
            return cost
        }
        let grants = saturate(limit, for: .seconds(20), cost: cost)
        #expect(grants.count > 100)
        #expect(abs(Double(spent) / 600 - 1) <= 0.01, "seed \(random.seed)")
    }

    @Test("is exact for slow rates", arguments: [(10, 60), (1, 900), (100, 900)])
    func slow(count: Int, seconds: Int) {
        let limit = PaceLimit.limited(count: count, per: .seconds(seconds), unit: .requests)
        let grants = saturate(limit, for: .seconds(seconds * 3))
        #expect(grants.count == count * 3)
    }

    @Test("of none is unlimited, but holds", arguments: [PaceLimit.unlimited, .perSecond(0)])
    func unlimited(limit: PaceLimit) {
        var rate = PacedRate(limit)
        #expect(rate.isUnlimited)
        for _ in 0..<10 { #expect(rate.take(cost: 1, now: .seconds(1), wasAwaited: false) == .seconds(1)) }
        rate.hold(until: .seconds(5))
        rate.halve(now: .seconds(1), grantedAt: .zero)
        #expect(rate.earliest == .seconds(5))
        #expect(rate.unitsPerSecond(at: .zero) == nil)
    }

    @Test("is halved by a 429 and grows back by 5 % of itself a second")
    func halving() {
        var rate = PacedRate(.perSecond(50))
        rate.halve(now: .zero, grantedAt: .zero)
        for (second, expected) in [(0, 25.0), (1, 27.5), (4, 35), (10, 50), (11, 50), (100, 50)] {
            #expect(abs((rate.unitsPerSecond(at: .seconds(second)) ?? 0) - expected) < 0.001)
        }
        // 25/s growing to 50/s in 10 s are 375; then 50 each second.
        var moments: [Duration] = []
        while rate.earliest < .seconds(20) { moments.append(rate.take(cost: 1, now: rate.earliest, wasAwaited: true)) }
        #expect(abs(moments.count { $0 < .seconds(10) } - 375) <= 2)
        #expect(abs(moments.count { $0 >= .seconds(10) } - 500) <= 2)
    }

    @Test("is halved once by many answers to requests of the same speed, and again by a later one")
    func onceAnEpisode() {
        var rate = PacedRate(.perSecond(40))
        for answer in 0..<20 { rate.halve(now: .milliseconds(100 + answer), grantedAt: .milliseconds(answer)) }
        #expect(abs((rate.unitsPerSecond(at: .milliseconds(100)) ?? 0) - 20) < 0.2)
        rate.halve(now: .milliseconds(300), grantedAt: .milliseconds(200))
        #expect(abs((rate.unitsPerSecond(at: .milliseconds(300)) ?? 0) - 10) < 0.4)
    }

    @Test("grows only once a hold is over")
    func growthAfterHold() {
        var rate = PacedRate(.perSecond(40))
        rate.hold(until: .seconds(60))
        rate.halve(now: .zero, grantedAt: .zero)
        #expect(rate.unitsPerSecond(at: .seconds(60)) == 20)
        #expect(abs((rate.unitsPerSecond(at: .seconds(62)) ?? 0) - 24) < 0.001)
        rate.hold(until: .seconds(30))
        #expect(rate.holdsUntil == .seconds(60))
    }

    @Test("never stands still, however often it is halved")
    func floor() {
        var rate = PacedRate(.perSecond(10))
        for step in 1...100 { rate.halve(now: .milliseconds(step), grantedAt: .milliseconds(step)) }
        #expect((rate.unitsPerSecond(at: .milliseconds(100)) ?? 0) >= 0.099)
        _ = rate.take(cost: 1, now: .milliseconds(100), wasAwaited: false)
        #expect(rate.earliest < .seconds(3))
    }
}
