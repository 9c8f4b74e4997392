import Contracts
import SMSCore
import Testing

@Suite("The delay ladder")
struct WaitLevelTests {
    @Test("the longest level that ends in time")
    func hop() {
        let expected: [(Duration, WaitLevel?)] = [
            (.milliseconds(999), nil), (.seconds(1), .oneSecond), (.milliseconds(4_999), .oneSecond),
            (.seconds(5), .fiveSeconds), (.seconds(119), .thirtySeconds), (.seconds(86_399), .sixHours),
            (.seconds(366 * 86_400), .oneDay),
        ]
        for (wait, level) in expected { #expect(WaitLevel.hop(for: wait) == level) }
        #expect(WaitLevel.hop(for: .seconds(120), longest: .fiveSeconds) == .fiveSeconds)
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
        #expect(hops <= 366 + 3 + 5 + 5 + 4 + 3 + 5 + 4)
    }
}

@Suite("The silence about an uncertain command")
struct SilenceTests {
    private let attempt = Timestamp(milliseconds: 1_795_579_200_000)
    private var end: Timestamp { attempt + .seconds(120) }
    private let good = Acceptances(count: 3, withReceipt: 3)

    private func weigh(_ deafness: [Deafness] = [], _ acceptances: Acceptances? = nil, now: Timestamp? = nil) -> Silence
    {
        Silence.of(
            attempt: attempt,
            end: end,
            deafness: deafness,
            acceptances: acceptances ?? good,
            now: now ?? end
        )
    }

    private func gap(_ from: Int, _ until: Int) -> Deafness {
        Deafness(.silence, from: attempt + .seconds(from), until: attempt + .seconds(until))
    }

    private func isMute(_ silence: Silence) -> Bool { if case .mute = silence { true } else { false } }

    @Test("tells when three later messages of the sender, and all of them, had receipts")
    func witnesses() {
        #expect(weigh() == .telling)
        #expect(isMute(weigh([], Acceptances(count: 2, withReceipt: 2))))
        #expect(isMute(weigh([], Acceptances(count: 9, withReceipt: 8))))
    }

    @Test("a gap prolongs the wait to twice its length after its end")
    func gaps() {
        #expect(weigh([gap(90, 130)]) == .tooEarly(until: attempt + .seconds(210)))
        #expect(weigh([gap(90, 130)], now: attempt + .seconds(210)) == .telling)
        // Over before the wait was.
        #expect(weigh([gap(10, 20)]) == .telling)
        // Before the attempt.
        #expect(weigh([gap(-500, -2)]) == .telling)
    }

    @Test("by 15 min at most")
    func tooLong() {
        // 120 s + 900 s is the last moment.
        #expect(weigh([gap(0, 340)]) == .tooEarly(until: attempt + .seconds(1_020)))
        #expect(isMute(weigh([gap(0, 341)])))
    }

    @Test("a genuine webhook that failed leaves it without a meaning")
    func failure() {
        let failure = Deafness(.failure, from: attempt + .seconds(5), until: attempt + .seconds(5))
        #expect(isMute(weigh([failure])))
    }
}
