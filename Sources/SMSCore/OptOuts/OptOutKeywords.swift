/// The words by which a handset opts out and in again.
///
/// A message means one of them only as a whole: "Stop." and "\"STOP\"" do, "STOP 12345" and "please stop by" do not
/// (CTIA's and the FCC's rules; 47 CFR 64.1200(a)(10)).
package struct OptOutKeywords: Hashable, Sendable {
    /// What a message asks for.
    package enum Wish: Hashable, Sendable {
        case stop
        case start
    }

    private let stop: Set<String>
    private let start: Set<String>

    /// Keywords; each is compared as a message is.
    ///
    /// - Parameters:
    ///   - stop: `OPT_OUT_KEYWORDS`.
    ///   - start: `OPT_IN_KEYWORDS`; a word of both lists opts out.
    package init(stop: [String], start: [String]) {
        self.stop = Set(stop.map(Self.bare)).subtracting([""])
        self.start = Set(start.map(Self.bare)).subtracting([""])
    }

    /// What a message asks for.
    ///
    /// - Parameter text: the whole message.
    /// - Returns: the wish and the word as it was compared; nil when it is an ordinary message.
    package func wish(in text: String) -> (wish: Wish, keyword: String)? {
        // No keyword is that long, and a long message needs no folding.
        guard text.utf8.count <= 200 else { return nil }
        let word = Self.bare(text)
        if stop.contains(word) { return (.stop, word) }
        if start.contains(word) { return (.start, word) }
        return nil
    }

    /// A text in capitals, with single spaces and without punctuation, symbols and quotes: "opt-out." is OPTOUT.
    private static func bare(_ text: String) -> String {
        text.filter { !$0.isPunctuation && !$0.isSymbol }
            .split(whereSeparator: \.isWhitespace).map { $0.uppercased() }.joined(separator: " ")
    }
}
