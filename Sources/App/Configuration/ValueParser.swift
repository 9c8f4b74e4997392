/// What is wrong with a value: the rest of a sentence that begins with it, such as `is not a duration`.
package struct ValueProblem: Error, Hashable {
    package let text: String

    /// A problem.
    package init(_ text: String) {
        self.text = text
    }
}

/// Reads one kind of value from its text, which is not empty and has no blanks around it.
package struct ValueParser<Value>: Sendable {
    package let parse: @Sendable (String) throws(ValueProblem) -> Value

    /// A parser that says itself what is wrong.
    init(_ parse: @escaping @Sendable (String) throws(ValueProblem) -> Value) {
        self.parse = parse
    }

    /// A parser with one problem, for every text that it gives nil for.
    init(else problem: String, _ parse: @escaping @Sendable (String) -> Value?) {
        self.parse = { text throws(ValueProblem) in
            guard let value = parse(text) else { throw ValueProblem(problem) }
            return value
        }
    }

    /// A list with commas or line breaks between its entries; empty entries are ignored.
    static func list<Element>(of element: ValueParser<Element>) -> Self where Value == [Element] {
        Self { text throws(ValueProblem) in
            var values: [Element] = []
            for (index, part) in text.listEntries.enumerated() {
                do throws(ValueProblem) {
                    values.append(try element.parse(part))
                } catch {
                    throw ValueProblem("has an entry (number \(index + 1)) that \(error.text)")
                }
            }
            guard !values.isEmpty else { throw ValueProblem("is a list without entries") }
            return values
        }
    }
}

extension ValueParser<String> {
    /// Any text.
    static var text: Self { Self { text throws(ValueProblem) in text } }

    /// A word that may stand in names at the broker.
    static var name: Self {
        Self(else: "has characters other than A-Z a-z 0-9 _ - . or more than 100 of them") { text in
            text.wholeMatch(of: /[A-Za-z0-9_.-]{1,100}/) == nil ? nil : text
        }
    }
}

extension ValueParser<Bool> {
    /// `true` or `false`; also `yes`, `no`, `on`, `off`, `1` and `0`.
    static var bool: Self {
        Self(else: "is neither true nor false") { text in
            switch text.lowercased() {
            case "true", "yes", "on", "1": true
            case "false", "no", "off", "0": false
            default: nil
            }
        }
    }
}

extension ValueParser<Int> {
    /// A whole number within bounds.
    static func integer(_ lowest: Int, _ highest: Int) -> Self {
        Self(else: "is not a whole number from \(lowest) to \(highest)") { text in
            Int(text).flatMap { $0 >= lowest && $0 <= highest ? $0 : nil }
        }
    }
}

extension ValueParser where Value: CaseIterable & RawRepresentable & Sendable, Value.RawValue == String {
    /// One of an enumeration's words, in any case.
    static var choice: Self {
        Self(else: "is not one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))") { text in
            Value(rawValue: text.lowercased())
        }
    }
}

extension String {
    /// The text without blanks and line breaks around it.
    package func trimmingBlanks() -> String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }

    /// The entries of a list as users write it, without blanks around them; empty ones are left out.
    var listEntries: [String] {
        split { $0 == "," || $0.isNewline }.map { String($0).trimmingBlanks() }.filter { !$0.isEmpty }
    }
}
