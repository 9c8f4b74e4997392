import Contracts

/// The words by which a handset opts out and in again, and asks for help.
///
/// A message means one of them only as a whole: "Stop.", "\"STOP\"" and "stop all" do, "STOP 12345" and "please stop by" do
/// not (CTIA's and the FCC's rules; 47 CFR 64.1200(a)(10)).
package struct OptOutKeywords: Hashable, Sendable {
    /// What a message asks for.
    package enum Wish: String, Hashable, Sendable, CaseIterable {
        case stop
        case start
        case help
    }

    /// Each word as it was configured, by how it is compared.
    private let stop: [String: String]
    private let start: [String: String]
    private let help: [String: String]

    /// Keywords; each is compared as a message is, see `FoldedText`.
    ///
    /// - Parameters:
    ///   - stop: `OPT_OUT_KEYWORDS`.
    ///   - start: `OPT_IN_KEYWORDS`; a word of both lists opts out.
    ///   - help: `HELP_KEYWORDS`; a word of another list means that.
    package init(stop: [String], start: [String], help: [String] = []) {
        self.stop = Self.folded(stop)
        self.start = Self.folded(start)
        self.help = Self.folded(help)
    }

    /// What a message asks for.
    ///
    /// - Parameter text: the whole message.
    /// - Returns: the wish and the keyword, as it was configured, in capitals; nil when it is an ordinary message.
    package func wish(in text: String) -> (wish: Wish, keyword: String)? {
        guard let word = FoldedText.of(text) else { return nil }
        if let keyword = stop[word] { return (.stop, keyword) }
        if let keyword = start[word] { return (.start, keyword) }
        if let keyword = help[word] { return (.help, keyword) }
        return nil
    }

    private static func folded(_ keywords: [String]) -> [String: String] {
        var words: [String: String] = [:]
        for keyword in keywords {
            guard let word = FoldedText.of(keyword), !word.isEmpty, words[word] == nil else { continue }
            words[word] = keyword.uppercased()
        }
        return words
    }
}
