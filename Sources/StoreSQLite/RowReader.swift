import FoundationEssentials
package import GRDB
import SMSCore
package import StoreSupport

/// Reads a row of SQLite's; its columns from left to right.
package struct RowReader: ColumnReader {
    private let row: Row
    private var index = 0

    /// A reader before the first column.
    init(_ row: Row) {
        self.row = row
    }

    package mutating func nextColumn() throws -> ColumnValue {
        guard index < row.count else { throw StoreError.corrupt("A row") }
        defer { index += 1 }
        guard let value = ColumnValue.fromDatabaseValue(row[index]) else { throw StoreError.corrupt("A row") }
        return value
    }
}

extension ColumnValue: DatabaseValueConvertible {
    package var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): Data(bytes).databaseValue
        }
    }

    package static func fromDatabaseValue(_ value: DatabaseValue) -> ColumnValue? {
        switch value.storage {
        case .null: .null
        case .int64(let number): .integer(number)
        case .string(let text): .text(text)
        case .blob(let data): .bytes(Array(data))
        // No table has a column of this type.
        case .double: nil
        }
    }
}

extension StatementArguments {
    /// Arguments of a statement, in order.
    init(_ values: [ColumnValue]) {
        // As optionals of any type: from values of one type GRDB makes its arguments by key paths, at ten times the cost.
        let boxed: [(any DatabaseValueConvertible)?] = values.map { $0.databaseValue }
        self.init(boxed)
    }
}

extension RowCursor {
    /// The rest of the rows, each read by `read`.
    func read<Value>(_ read: (inout RowReader) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        while let row = try next() { values.append(try row.read(read)) }
        return values
    }
}

extension Row {
    /// What `read` makes of the row.
    func read<Value>(_ read: (inout RowReader) throws -> Value) rethrows -> Value {
        var reader = RowReader(self)
        return try read(&reader)
    }
}
