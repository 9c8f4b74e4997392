import App

/// A CSV file whose first line names its columns, as spreadsheets write them.
///
/// Names are compared without white space around them and without case. Columns without a name are skipped, short rows
/// are filled with empty cells, and rows of empty cells alone are skipped.
package struct CSVTable {
    /// A line of the file.
    package struct Row: Hashable {
        /// From 1.
        package let line: Int
        /// The cells by their column's name in lower case.
        package let cells: [String: String]
    }

    private var reader: CSVReader
    /// The columns' names in lower case, in the file's order; nil for one without a name.
    private let columns: [String?]

    /// The columns' names in lower case, in the file's order.
    package var names: [String] { columns.compactMap(\.self) }

    /// Reads the header.
    ///
    /// - Parameters:
    ///   - reader: at the file's beginning.
    ///   - column: the name of a column that there must be, in lower case.
    /// - Throws: ``CSVProblem`` when there is no such header; what the source throws.
    package init(_ reader: CSVReader, column: String) throws {
        var reader = reader
        try reader.detectDelimiter(column: column)
        guard let header = try reader.next() else { throw CSVProblem(line: 1, "is missing: the file is empty") }
        let line = reader.recordLine
        let names = header.map(\.asColumnName)
        guard names.contains(column) else {
            let found = names.filter { !$0.isEmpty }.map { "\"\($0)\"" }.joined(separator: ", ")
            throw CSVProblem(line: line, "names no column \"\(column)\"; it names \(found.isEmpty ? "none" : found)")
        }
        if let double = names.first(where: { name in !name.isEmpty && names.count { $0 == name } > 1 }) {
            throw CSVProblem(line: line, "names the column \"\(double)\" twice")
        }
        columns = names.map { $0.isEmpty ? nil : $0 }
        self.reader = reader
    }

    /// The next row that has anything in it; nil at the end.
    ///
    /// - Throws: ``CSVProblem`` for a row that cannot be read, after which the next one can, unless it is fatal; what
    ///   the source throws.
    package mutating func next() throws -> Row? {
        while let record = try reader.next() {
            guard record.contains(where: { !$0.trimmingBlanks().isEmpty }) else { continue }
            if let extra = record.dropFirst(columns.count).first(where: { !$0.trimmingBlanks().isEmpty }) {
                throw CSVProblem(
                    line: reader.recordLine,
                    "has \(record.count) cells, the first line names \(columns.count): \"\(extra.prefix(20))\" has no "
                        + "column; put a text with the delimiter in it into quotes"
                )
            }
            var cells: [String: String] = [:]
            for (index, name) in columns.enumerated() {
                guard let name else { continue }
                cells[name] = index < record.count ? record[index] : ""
            }
            return Row(line: reader.recordLine, cells: cells)
        }
        return nil
    }
}
