internal import SMSCore

/// The answer of one sender to a keyword, such as `OPT_OUT_REPLY_14155550100`: a name of its own in all sources, since the
/// file has scalars only.
struct SenderReply: Hashable, Sendable {
    let name: String
    let wish: OptOutKeywords.Wish
    /// The end of the name: the sender, in digits or letters.
    let suffix: String
    let text: String
    let source: String

    /// The variable with the answer of all other senders.
    static func variable(of wish: OptOutKeywords.Wish) -> String {
        switch wish {
        case .stop: "OPT_OUT_REPLY"
        case .start: "OPT_IN_REPLY"
        case .help: "HELP_REPLY"
        }
    }

    /// What a name is the answer of; nil for another variable.
    static func parts(of name: String) -> (wish: OptOutKeywords.Wish, suffix: String)? {
        for wish in OptOutKeywords.Wish.allCases {
            let head = variable(of: wish) + "_"
            if name.hasPrefix(head) { return (wish, String(name.dropFirst(head.count))) }
        }
        return nil
    }

    /// Every sender's answer, of the first source that has it; the sources stand in their order of precedence.
    static func all(in sources: [(String, [String: String])]) -> [SenderReply] {
        var found: [String: SenderReply] = [:]
        for (source, values) in sources {
            for (name, value) in values where found[name] == nil {
                let text = value.trimmingBlanks()
                guard !text.isEmpty, let (wish, suffix) = parts(of: name) else { continue }
                found[name] = SenderReply(name: name, wish: wish, suffix: suffix, text: text, source: source)
            }
        }
        return found.values.sorted { $0.name < $1.name }
    }
}

extension OptOutKeywords {
    /// The configured words.
    init(_ settings: Settings.OptOut) {
        self.init(stop: settings.stopKeywords, start: settings.startKeywords, help: settings.helpKeywords)
    }
}
