extension DeadLetters {
    /// Rows with aligned columns; the last column is cut where the terminal ends.
    package struct Table: Sendable {
        private let titles: [String]
        private var rows: [[String]] = []

        /// A table with these columns.
        package init(_ titles: [String]) {
            self.titles = titles
        }

        /// How many rows there are.
        package var count: Int { rows.count }

        /// Adds a row, with one text for each column.
        package mutating func add(_ row: [String]) {
            rows.append(row.map(Self.printable))
        }

        /// The lines, titles first.
        ///
        /// - Parameter width: of the terminal in columns; nil cuts nothing.
        /// - Returns: one line for each row, without line breaks.
        package func lines(width: Int?) -> [String] {
            let all = [titles] + rows
            let widths = titles.indices.dropLast().map { column in
                all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
            }
            return all.map { row in
                var line = ""
                for (text, width) in zip(row, widths) {
                    line += text + String(repeating: " ", count: width - text.count + 2)
                }
                if row.count > widths.count, let last = row.last { line += last }
                return Self.cut(line, to: width)
            }
        }

        /// A text that moves no cursor and breaks no line, whatever an id contains.
        package static func printable(_ text: String) -> String {
            guard text.unicodeScalars.contains(where: isControl) else { return text }
            return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
        }

        private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }

        private static func cut(_ line: String, to width: Int?) -> String {
            guard let width, width > 1, line.count > width else { return line }
            return line.prefix(width - 1) + "…"
        }
    }
}
