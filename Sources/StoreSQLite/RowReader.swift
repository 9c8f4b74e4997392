import GRDB
import GRDBSQLite
package import StoreSupport

/// Reads the row at which a statement stands; its columns from left to right.
@safe package struct RowReader: ColumnReader {
    private let statement: SQLiteStatement
    private let count: Int32
    private var index: Int32 = 0

    /// A reader before the first column.
    init(_ statement: SQLiteStatement) {
        unsafe self.statement = unsafe statement
        self.count = unsafe sqlite3_data_count(statement)
    }

    package mutating func nextColumn() throws -> ColumnValue {
        guard index < count else { throw StoreError.corrupt("A row") }
        defer { index += 1 }
        switch unsafe sqlite3_column_type(statement, index) {
        case SQLITE_NULL: return .null
        case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(statement, index))
        case SQLITE_TEXT:
            return unsafe .text(String(decoding: bytes(sqlite3_column_text(statement, index)), as: UTF8.self))
        case SQLITE_BLOB: return unsafe .bytes(Array(bytes(sqlite3_column_blob(statement, index))))
        // No table has a column of this type.
        default: throw StoreError.corrupt("A row")
        }
    }

    /// The present column's bytes, which end with the next step.
    private func bytes(_ start: UnsafeRawPointer?) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index)))
    }
}
