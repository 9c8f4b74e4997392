package import Contracts

/// What is answered to keywords: `OPT_OUT_REPLY`, `OPT_IN_REPLY`, `HELP_REPLY`, and the texts of single senders.
package struct ReplyTexts: Hashable, Sendable {
    /// The texts of one kind.
    package struct Texts: Hashable, Sendable {
        /// For senders without a text of their own; nil for no answer.
        package var standard: String?
        package var bySender: [Sender: String] = [:]

        /// No answer.
        package init() {}

        /// Every text there is.
        package var all: [String] { [standard].compactMap(\.self) + bySender.values }
    }

    package var stop = Texts()
    package var start = Texts()
    package var help = Texts()

    /// No answers.
    package init() {}

    /// The texts of one kind.
    package subscript(wish: OptOutKeywords.Wish) -> Texts {
        get {
            switch wish {
            case .stop: stop
            case .start: start
            case .help: help
            }
        }
        set {
            switch wish {
            case .stop: stop = newValue
            case .start: start = newValue
            case .help: help = newValue
            }
        }
    }

    /// What a sender answers; nil for nothing.
    package func text(for wish: OptOutKeywords.Wish, from sender: Sender) -> String? {
        self[wish].bySender[sender] ?? self[wish].standard
    }
}
