/// How long a client wants to wait for the outcome, by its `Prefer` (RFC 7240).
///
/// What is not understood is ignored, as the RFC wants it.
struct SendPreference: Equatable {
    /// The longest wait in seconds.
    private static let longestWait = 60

    /// How long to wait; zero for none.
    var wait: Duration = .seconds(10)
    /// What of it was the client's wish, for `Preference-Applied`; nil when it had none.
    var applied: String?

    /// Reads the field.
    ///
    /// - Parameter value: its value, several joined by commas; nil without one.
    init(_ value: String?) {
        var seconds: Int?
        var isAsynchronous = false
        for preference in (value ?? "").split(separator: ",") {
            // Parameters of a preference, behind a semicolon, are ignored.
            let words = preference.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(Self.bare)
            switch (words.first?.lowercased(), words.count) {
            case ("wait", 2) where seconds == nil: seconds = Self.seconds(words[1])
            case ("respond-async", 1): isAsynchronous = true
            default: break
            }
        }
        if let seconds {
            let granted = min(seconds, Self.longestWait)
            wait = .seconds(granted)
            applied = "wait=\(granted)"
        } else if isAsynchronous {
            wait = .zero
            applied = "respond-async"
        }
    }

    /// Nil for what is not a number; a number may have any length.
    private static func seconds(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text) ?? longestWait
    }

    /// A word without blanks and quotes around it.
    private static func bare(_ text: Substring) -> Substring {
        let isAround: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\"" }
        var text = text.drop(while: isAround)
        while let last = text.last, isAround(last) { text.removeLast() }
        return text
    }
}
