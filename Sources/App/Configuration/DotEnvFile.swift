/// An `.env` file, read: `KEY=value` lines as shells and other tools write them.
///
/// `export` before a name, `#` comments (a line's own, or after a blank), single quotes (everything literal) and double
/// quotes (`\n \r \t \" \\ \$` are escapes) are understood; quoted values may span lines, as private keys do. Of a name
/// that comes twice the last value counts. Nothing is expanded.
package struct DotEnvFile: Hashable, Sendable {
    /// The values by name.
    package private(set) var values: [String: String] = [:]
    /// What is wrong, such as `line 3: is not KEY=value`.
    package private(set) var problems: [String] = []

    /// Reads the text of a file; lines that are wrong are in ``problems`` and skipped.
    package init(_ text: String) {
        var rest = text[...]
        Self.skip(/\u{FEFF}/, in: &rest)
        while true {
            Self.skip(/(?:[ \t\r\n]|#[^\n]*)*/, in: &rest)
            guard !rest.isEmpty else { return }
            let start = rest.startIndex
            do throws(ValueProblem) {
                let (name, value) = try Self.assignment(from: &rest)
                values[name] = value
            } catch {
                let line = text.unicodeScalars[..<start].count { $0 == "\n" } + 1
                problems.append("line \(line): \(error.text)")
            }
            Self.skip(/[^\n]*/, in: &rest)
        }
    }

    /// An expression over scalars, for CR LF is one character.
    private static func scalars<Output>(_ regex: Regex<Output>) -> Regex<Output> {
        regex.matchingSemantics(.unicodeScalar)
    }

    private static func skip<Output>(_ regex: Regex<Output>, in rest: inout Substring) {
        guard let match = rest.prefixMatch(of: scalars(regex)) else { return }
        rest = rest[match.range.upperBound...]
    }

    /// Takes an assignment from the front of a text, or as much of it as could be read.
    private static func assignment(from rest: inout Substring) throws(ValueProblem) -> (String, String) {
        guard let head = rest.prefixMatch(of: scalars(/(?:export[ \t]+)?([A-Za-z0-9_]*)[ \t]*=[ \t]*/)) else {
            throw ValueProblem("is not KEY=value")
        }
        guard let first = head.1.first, !first.isNumber else { throw ValueProblem("has no name before '='") }
        rest = rest[head.range.upperBound...]
        guard rest.prefixMatch(of: scalars(/["']/)) != nil else { return (String(head.1), plainValue(from: &rest)) }
        guard let quoted = rest.prefixMatch(of: scalars(/"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'/)) else {
            rest = rest[rest.endIndex...]
            throw ValueProblem("has a quote that is not closed")
        }
        rest = rest[quoted.range.upperBound...]
        guard rest.prefixMatch(of: scalars(/[ \t]*(?:[#\r\n]|\z)/)) != nil else {
            throw ValueProblem("has something after the closing quote")
        }
        return (String(head.1), quoted.1.map(unescaped) ?? String(quoted.2 ?? ""))
    }

    /// Takes what stands before the line's end or a comment, without blanks behind it.
    private static func plainValue(from rest: inout Substring) -> String {
        let value = rest.prefixMatch(of: scalars(/(?!#)(?:[^ \t\r\n]|[ \t]+(?![ \t#\r\n]|\z))*/))
        guard let value else { return "" }
        rest = rest[value.range.upperBound...]
        return String(value.0)
    }

    private static func unescaped(_ text: Substring) -> String {
        let replaced = text.replacing(scalars(/\\([\s\S])/)) { match -> Substring in
            switch match.1 {
            case "n": "\n"
            case "r": "\r"
            case "t": "\t"
            case "\"", "\\", "$": match.1
            default: match.0
            }
        }
        return String(replaced)
    }
}
