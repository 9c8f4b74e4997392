import Contracts
import SMSCore
import Testing

@Suite("The delay ladder")
struct WaitLevelTests {
    @Test("the longest level that ends in time")
    func hop() {
        let expected: [(Duration, WaitLevel?)] = [
            (.milliseconds(999), nil), (.seconds(1), .oneSecond), (.milliseconds(4_999), .twoSeconds),
            (.seconds(5), .fiveSeconds), (.seconds(119), .oneMinute), (.seconds(86_399), .twelveHours),
            (.seconds(366 * 86_400), .oneDay),
        ]
        for (wait, level) in expected { #expect(WaitLevel.hop(for: wait) == level) }
    }

    @Test("where being late does no harm, what has passed since the decision makes no hop shorter")
    func late() {
        let expected: [(Duration, WaitLevel?)] = [
            (.milliseconds(749), nil), (.milliseconds(750), .oneSecond), (.milliseconds(4_000), .fiveSeconds),
            (.milliseconds(119_500), .twoMinutes), (.seconds(118), .oneMinute), (.seconds(86_399), .oneDay),
        ]
        for (wait, level) in expected { #expect(WaitLevel.hop(for: wait, mayBeLate: true) == level) }
    }

    @Test(
        "no hop overshoots, and the rest is less than the shortest",
        arguments: [1, 7, 61, 3_601, 90_061, 31_622_399]
    )
    func sums(seconds: Int) {
        var rest = Duration.seconds(seconds) + .milliseconds(123)
        var hops = 0
        while let level = WaitLevel.hop(for: rest) {
            rest -= level.duration
            hops += 1
            #expect(rest >= .zero)
        }
        #expect(rest < .seconds(1))
        #expect(hops <= 366 + WaitLevel.allCases.count * 2)
    }

    @Test("the nearest wait takes two hops at most, and is no more than a fifth beside")
    func nearest() {
        for milliseconds in stride(from: 1_000, through: 86_400_000, by: 9_973) {
            let wait = Duration.milliseconds(milliseconds)
            let near = WaitLevel.nearest(to: wait)
            let difference = near < wait ? wait - near : near - wait
            #expect(difference <= max(.milliseconds(500), wait / 5), "\(wait)")
            var rest = near
            var hops = 0
            while rest > .zero, let level = WaitLevel.hop(for: rest, mayBeLate: true) {
                rest -= level.duration
                hops += 1
            }
            #expect(hops <= 2 && rest <= .zero, "\(wait)")
        }
    }

    @Test("what is shorter than the shortest, or longer than the longest, stays as it is; a level is itself")
    func nearestEnds() {
        for wait in [Duration.zero, .milliseconds(999), .seconds(86_401)] {
            #expect(WaitLevel.nearest(to: wait) == wait)
        }
        for level in WaitLevel.allCases { #expect(WaitLevel.nearest(to: level.duration) == level.duration) }
    }
}

@Suite("The missing receipt of an uncertain command")
struct SilenceTests {
    private let attempt = Timestamp(milliseconds: 1_795_579_200_000)
    private var end: Timestamp { attempt + .seconds(120) }
    private let good = Acceptances(count: 3, withReceipt: 3)

    private func assess(_ gaps: [ListenerGap] = [], _ acceptances: Acceptances? = nil, now: Timestamp? = nil) -> Silence
    {
        Silence.of(
            attempt: attempt,
            end: end,
            gaps: gaps,
            acceptances: acceptances ?? good,
            now: now ?? end
        )
    }

    private func gap(_ from: Int, _ until: Int) -> ListenerGap {
        ListenerGap(.down, from: attempt + .seconds(from), until: attempt + .seconds(until))
    }

    private func isInconclusive(_ silence: Silence) -> Bool { if case .inconclusive = silence { true } else { false } }

    @Test("is conclusive when three later messages of the sender, and all of them, had receipts")
    func acceptances() {
        #expect(assess() == .conclusive)
        #expect(isInconclusive(assess([], Acceptances(count: 2, withReceipt: 2))))
        #expect(isInconclusive(assess([], Acceptances(count: 9, withReceipt: 8))))
    }

    @Test("a gap prolongs the wait to twice its length after its end")
    func gaps() {
        #expect(assess([gap(90, 130)]) == .tooEarly(until: attempt + .seconds(210)))
        #expect(assess([gap(90, 130)], now: attempt + .seconds(210)) == .conclusive)
        // Over before the wait was.
        #expect(assess([gap(10, 20)]) == .conclusive)
        // Before the attempt.
        #expect(assess([gap(-500, -2)]) == .conclusive)
    }

    @Test("by 15 min at most")
    func tooLong() {
        // 120 s + 900 s is the last moment.
        #expect(assess([gap(0, 340)]) == .tooEarly(until: attempt + .seconds(1_020)))
        #expect(isInconclusive(assess([gap(0, 341)])))
    }

    @Test("a genuine webhook that failed makes it inconclusive")
    func failure() {
        let failure = ListenerGap(.failedWebhook, from: attempt + .seconds(5), until: attempt + .seconds(5))
        #expect(isInconclusive(assess([failure])))
    }
}
