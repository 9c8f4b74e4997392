/// An `.env` file, read: `KEY=value` lines as shells and other tools write them.
///
/// `export` before a name, `#` comments (a line's own, or after a blank), single quotes (everything literal) and double
/// quotes (`\n \r \t \" \\ \$` are escapes) are understood; quoted values may span lines, as private keys do. Of a name
/// that comes twice the last value counts. Nothing is expanded.
package struct DotEnvFile: Hashable, Sendable {
    /// The values by name.
    package private(set) var values: [String: String] = [:]
    /// What is wrong, such as `line 3: has no '='`.
    package private(set) var problems: [String] = []

    /// Reads the text of a file; lines that are wrong are told in ``problems`` and skipped.
    package init(_ text: String) {
        var reader = Reader(text)
        while let line = reader.nextAssignment() {
            switch line {
            case .success((let name, let value)): values[name] = value
            case .failure(let problem): problems.append(problem.text)
            }
        }
    }

    private struct Problem: Error {
        let text: String
    }

    private struct Reader {
        /// Scalars, for Swift takes CR LF for one character.
        private let scalars: [Unicode.Scalar]
        private var index = 0
        private var line = 1

        init(_ text: String) {
            let hasByteOrderMark = text.unicodeScalars.first == "\u{FEFF}"
            scalars = Array(text.unicodeScalars.dropFirst(hasByteOrderMark ? 1 : 0))
        }

        private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

        /// The next assignment, or what is wrong with its line; nil at the end.
        mutating func nextAssignment() -> Result<(String, String), Problem>? {
            while let scalar = current {
                if scalar == "#" {
                    skipLine()
                } else if isBlank(scalar) || isLineBreak(scalar) {
                    advance()
                } else {
                    break
                }
            }
            guard current != nil else { return nil }
            let start = line
            do throws(Problem) {
                return .success((try name(), try value()))
            } catch {
                skipLine()
                return .failure(Problem(text: "line \(start): \(error.text)"))
            }
        }

        private mutating func name() throws(Problem) -> String {
            var name = word()
            if name == "export", let next = current, isBlank(next) {
                skipBlanks()
                name = word()
            }
            skipBlanks()
            guard current == "=" else { throw Problem(text: "is no KEY=value") }
            guard let first = name.unicodeScalars.first, !("0"..."9").contains(first) else {
                throw Problem(text: "has no name before '='")
            }
            advance()
            skipBlanks()
            return name
        }

        private mutating func word() -> String {
            var word = String.UnicodeScalarView()
            while let scalar = current {
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_": word.append(scalar)
                default: return String(word)
                }
                advance()
            }
            return String(word)
        }

        private mutating func value() throws(Problem) -> String {
            guard let quote = current, quote == "\"" || quote == "'" else { return plainValue() }
            advance()
            var value = String.UnicodeScalarView()
            while let scalar = current, scalar != quote {
                advance()
                if scalar == "\\", quote == "\"", let escaped = current {
                    advance()
                    switch escaped {
                    case "n": value.append("\n")
                    case "r": value.append("\r")
                    case "t": value.append("\t")
                    case "\"", "\\", "$": value.append(escaped)
                    default: value.append(contentsOf: [scalar, escaped])
                    }
                } else {
                    value.append(scalar)
                }
            }
            guard current == quote else { throw Problem(text: "has a quote that is not closed") }
            advance()
            skipBlanks()
            if let rest = current, !isLineBreak(rest), rest != "#" {
                throw Problem(text: "has something after the closing quote")
            }
            skipLine()
            return String(value)
        }

        private mutating func plainValue() -> String {
            var value = String.UnicodeScalarView()
            var isAfterBlank = true
            while let scalar = current, !isLineBreak(scalar) {
                if scalar == "#", isAfterBlank { break }
                isAfterBlank = isBlank(scalar)
                value.append(scalar)
                advance()
            }
            skipLine()
            while let last = value.last, isBlank(last) { value.removeLast() }
            return String(value)
        }

        private mutating func skipBlanks() {
            while let scalar = current, isBlank(scalar) { advance() }
        }

        private mutating func skipLine() {
            while let scalar = current, scalar != "\n" { advance() }
        }

        private mutating func advance() {
            if current == "\n" { line += 1 }
            index += 1
        }

        private func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
        private func isLineBreak(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }
    }
}
