import Contracts

/// One command of a run; the same for the same seed and number.
struct SoakCommand: Sendable {
    /// Its id, and its name in the ledger.
    let id: String
    /// Whether it is published without its id: then the name stands in its text and in its `client_ref`.
    let isAnonymous: Bool
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
    let text: String
    private let delay: Duration?

    /// Makes a command.
    ///
    /// - Parameters:
    ///   - number: which one of the run.
    ///   - seed: the run's.
    ///   - mayBeAnonymous: whether a third of them is published without an id, once and never cancelled.
    init(number: Int, seed: UInt64, mayBeAnonymous: Bool = false) {
        // A stream of its own: all else of a command is the same with and without an id.
        var coin = SoakRandom(seed: seed, stream: 1 << 40 + UInt64(number))
        let isAnonymous = mayBeAnonymous && coin.happens(1.0 / 3)
        self.isAnonymous = isAnonymous
        var random = SoakRandom(seed: seed, stream: 1_000 + UInt64(number))
        id = "soak-\(number)"
        lane = random.happens(0.3) ? .bulk : .send
        isNeverResent = random.happens(0.2)
        wantsReply = random.happens(0.1)
        delay = random.happens(0.12) ? random.duration(.seconds(1) ... .seconds(7)) : nil
        let repetition: Duration? = random.happens(0.1) ? random.duration(.zero ... .seconds(3)) : nil
        let cancellation: Duration? =
            random.happens(delay == nil ? 0.02 : 0.3) ? max(random.duration(.seconds(-1) ... .seconds(3)), .zero) : nil
        // Without an id another copy is another command, and nothing can be called back.
        repeatedAfter = isAnonymous ? nil : repetition
        cancelledAfter = isAnonymous ? nil : cancellation
        to = "1415555\(1_000 + number % 9_000)"
        from = ["14155550199", "14155550198", "Soak"][Int.random(in: 0..<3, using: &random)]
        let isLong = random.happens(0.1)
        let words = String(repeating: random.happens(0.2) ? "Grüße, 世界 " : "Hello ", count: isLong ? 50 : 1)
        text = isAnonymous ? words + "#" + id : words
    }

    /// The name of the command without an id that has this text; nil when the text is of none.
    static func name(in text: String) -> String? {
        guard let mark = text.lastIndex(of: "#") else { return nil }
        return String(text[text.index(after: mark)...])
    }

    /// The body as it is published; all copies have the same.
    func body(now: Timestamp) -> String {
        let sendAt = delay.map { #", "send_at": "\#((now + $0).rfc3339)""# } ?? ""
        let rule = isNeverResent ? #", "on_uncertain": "fail""# : ""
        // Events echo it, so that an outcome of which the provider has no message is led back to its command as well.
        let reference = isAnonymous ? #", "client_ref": "\#(id)""# : ""
        return #"{"to": "\#(to)", "from": "\#(from)", "text": "\#(text)"\#(sendAt)\#(rule)\#(reference)}"#
    }
}
