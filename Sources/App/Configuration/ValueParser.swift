/// What is wrong with a value, as the rest of a sentence that begins with it: `is no duration`; the value itself is not in it.
package struct ValueProblem: Error, Hashable {
    package let text: String

    /// A problem.
    package init(_ text: String) {
        self.text = text
    }
}

/// Reads one kind of value from its text.
///
/// The text is not empty, and blanks around it are gone.
package struct ValueParser<Value> {
    /// Stands in for a value with a problem while the rest is read; the start fails, so nobody sees it.
    let placeholder: Value
    package let parse: (String) throws(ValueProblem) -> Value

    /// A parser.
    init(placeholder: Value, parse: @escaping (String) throws(ValueProblem) -> Value) {
        self.placeholder = placeholder
        self.parse = parse
    }
}

extension ValueParser<String> {
    /// Any text.
    static var text: Self { Self(placeholder: "") { text throws(ValueProblem) in text } }

    /// A word that may stand in names at the broker.
    static var name: Self {
        Self(placeholder: "") { text throws(ValueProblem) in
            let isName =
                text.utf8.count <= 100
                && text.unicodeScalars.allSatisfy { scalar in
                    switch scalar {
                    case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": true
                    default: false
                    }
                }
            guard isName else { throw ValueProblem("has other characters than A-Z a-z 0-9 _ - . or more than 100") }
            return text
        }
    }
}

extension ValueParser<Bool> {
    /// `true` or `false`; also `yes`, `no`, `on`, `off`, `1` and `0`.
    static var bool: Self {
        Self(placeholder: false) { text throws(ValueProblem) in
            switch text.lowercased() {
            case "true", "yes", "on", "1": return true
            case "false", "no", "off", "0": return false
            default: throw ValueProblem("is neither true nor false")
            }
        }
    }
}

extension ValueParser<Int> {
    /// A whole number within bounds.
    static func integer(_ range: ClosedRange<Int>) -> Self {
        Self(placeholder: range.lowerBound) { text throws(ValueProblem) in
            guard let number = Int(text), range.contains(number) else {
                throw ValueProblem("is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }
}

extension ValueParser where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of an enumeration's words, in any case.
    static func choice(_ placeholder: Value) -> Self {
        Self(placeholder: placeholder) { text throws(ValueProblem) in
            guard let value = Value(rawValue: text.lowercased()) else {
                throw ValueProblem("is none of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            return value
        }
    }
}

extension ValueParser {
    /// A list with commas or line breaks between its entries; empty entries are ignored.
    static func list<Element>(of element: ValueParser<Element>) -> Self where Value == [Element] {
        Self(placeholder: []) { text throws(ValueProblem) in
            var values: [Element] = []
            for (index, part) in Self.parts(of: text).enumerated() {
                do throws(ValueProblem) {
                    values.append(try element.parse(part))
                } catch {
                    throw ValueProblem("has an entry (the \(index + 1).) that \(error.text)")
                }
            }
            guard !values.isEmpty else { throw ValueProblem("is a list without entries") }
            return values
        }
    }

    /// The entries of a list, without blanks around them.
    static func parts(of text: String) -> [String] {
        text.split { $0 == "," || $0.isNewline }
            .map { String($0).trimmingBlanks() }
            .filter { !$0.isEmpty }
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
}
