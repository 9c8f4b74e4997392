import Contracts

/// One command of a run; the same for the same seed and number.
struct SoakCommand: Sendable {
    let id: String
    let lane: Lane
    /// Whether it must never be sent again (`on_uncertain: fail`); else it is `auto`.
    let isNeverResent: Bool
    let wantsReply: Bool
    /// How long after the first publish the same is published once more; nil for once.
    let repeatedAfter: Duration?
    /// How long after the first publish it is cancelled (zero: before); nil for never.
    let cancelledAfter: Duration?
    private let to: String
    private let from: String
    private let text: String
    private let delay: Duration?

    /// Makes a command.
    ///
    /// - Parameters:
    ///   - number: which one of the run.
    ///   - seed: the run's.
    init(number: Int, seed: UInt64) {
        var random = SoakRandom(seed: seed, stream: 1_000 + UInt64(number))
        id = "soak-\(number)"
        lane = random.happens(0.3) ? .bulk : .send
        isNeverResent = random.happens(0.2)
        wantsReply = random.happens(0.1)
        delay = random.happens(0.12) ? random.duration(.seconds(1) ... .seconds(7)) : nil
        repeatedAfter = random.happens(0.1) ? random.duration(.zero ... .seconds(3)) : nil
        cancelledAfter =
            random.happens(delay == nil ? 0.02 : 0.3) ? max(random.duration(.seconds(-1) ... .seconds(3)), .zero) : nil
        to = "1415555\(1_000 + number % 9_000)"
        from = ["14155550199", "14155550198", "Soak"][Int.random(in: 0..<3, using: &random)]
        let isLong = random.happens(0.1)
        text = String(repeating: random.happens(0.2) ? "Grüße, 世界 " : "Hello ", count: isLong ? 50 : 1)
    }

    /// The body as it is published; all copies have the same.
    func body(now: Timestamp) -> String {
        let sendAt = delay.map { #", "send_at": "\#((now + $0).rfc3339)""# } ?? ""
        let rule = isNeverResent ? #", "on_uncertain": "fail""# : ""
        return #"{"to": "\#(to)", "from": "\#(from)", "text": "\#(text)"\#(sendAt)\#(rule)}"#
    }
}
