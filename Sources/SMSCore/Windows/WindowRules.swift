package import Contracts

/// The windows of bulk messages by destination: `SEND_WINDOWS`.
package struct WindowRules: Hashable, Sendable {
    /// By prefix in digits, without `+`.
    private var windows: [String: SendWindow] = [:]
    /// For what no prefix fits; nil for no window.
    private var others: SendWindow?

    /// No windows.
    package init() {}

    /// Reads `1=09:00-20:00,33=08:00-20:00 mon-sat,*=08:00-21:00`, each in the recipient's own zone.
    ///
    /// - Returns: the rules, or everything that is wrong, each the rest of a sentence that begins with the variable.
    package static func read(_ text: String) -> Result<WindowRules, WindowRulesProblems> {
        var rules = WindowRules()
        var problems: [String] = []
        for (index, entry) in text.split(whereSeparator: { $0 == "," || $0.isNewline }).enumerated() {
            do throws(JSONProblem) {
                try rules.add(entry)
            } catch {
                problems.append("has an entry (number \(index + 1)) that \(error.message)")
            }
        }
        if rules.isEmpty, problems.isEmpty { problems.append("is a list without entries") }
        return problems.isEmpty ? .success(rules) : .failure(WindowRulesProblems(problems: problems))
    }

    private mutating func add(_ entry: Substring) throws(JSONProblem) {
        let sides = entry.split(separator: "=", maxSplits: 1).map { $0.trimmed }
        guard sides.count == 2 else { throw JSONProblem("is not prefix=window, as 33=08:00-20:00 mon-sat") }
        let prefix = sides[0].hasPrefix("+") ? sides[0].dropFirst() : sides[0]
        let window = try SendWindow(sides[1])
        if prefix == "*" {
            guard others == nil else { throw JSONProblem("names * a second time") }
            others = window
            return
        }
        let isPrefix = (1...15).contains(prefix.utf8.count) && prefix.allSatisfy { "0"..."9" ~= $0 }
        guard isPrefix, prefix.first != "0" else {
            throw JSONProblem("has neither the beginning of an E.164 number nor * before =")
        }
        guard windows.updateValue(window, forKey: String(prefix)) == nil else {
            throw JSONProblem("names +\(prefix) a second time")
        }
    }

    /// Whether there are no windows at all.
    package var isEmpty: Bool { windows.isEmpty && others == nil }

    /// The window of the longest prefix that fits a number, else that of `*`; nil for none.
    package func window(of number: PhoneNumber) -> SendWindow? {
        guard !windows.isEmpty else { return others }
        var prefix = Substring(number.digits)
        while !prefix.isEmpty {
            if let window = windows[String(prefix)] { return window }
            prefix.removeLast()
        }
        return others
    }
}

/// Everything that is wrong with `SEND_WINDOWS`.
package struct WindowRulesProblems: Error, Hashable, Sendable {
    /// At least one, each the rest of a sentence.
    package let problems: [String]
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
