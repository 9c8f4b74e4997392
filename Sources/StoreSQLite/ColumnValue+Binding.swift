import GRDB
import GRDBSQLite
import StoreSupport

extension ColumnValue {
    /// Gives `body` the bytes of all texts and blobs in a row, which live as long as it runs: SQLite need not copy each.
    static func withBytes(of values: [ColumnValue], _ body: (UnsafeRawBufferPointer.SubSequence) throws -> Void)
        rethrows
    {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.reduce(1) { $0 + $1.size })
        for value in values {
            switch value {
            case .null, .integer: break
            case .text(let text): bytes += text.utf8
            case .bytes(let blob): bytes += blob
            }
        }
        // So that there is a pointer to what has no bytes, too: without one SQLite takes it for NULL.
        bytes.append(0)
        try unsafe bytes.withUnsafeBytes { try unsafe body($0[...]) }
    }

    private var size: Int {
        switch self {
        case .null, .integer: 0
        case .text(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        }
    }

    /// Gives a statement an argument, from 1; its bytes are taken from the front of `bytes`, which have to outlive the
    /// statement's run.
    ///
    /// - Returns: SQLite's result code.
    func bind(
        to statement: SQLiteStatement,
        at index: Int32,
        from bytes: inout UnsafeRawBufferPointer.SubSequence
    ) -> Int32 {
        let own = unsafe UnsafeRawBufferPointer(rebasing: bytes.prefix(size))
        unsafe bytes = bytes.dropFirst(size)
        // No destructor: the bytes stay where they are (https://www.sqlite.org/c3ref/c_static.html, SQLITE_STATIC).
        switch self {
        case .null:
            return unsafe sqlite3_bind_null(statement, index)
        case .integer(let number):
            return unsafe sqlite3_bind_int64(statement, index, number)
        case .text:
            let start = unsafe own.assumingMemoryBound(to: CChar.self).baseAddress
            return unsafe sqlite3_bind_text(statement, index, start, Int32(own.count), nil)
        case .bytes:
            return unsafe sqlite3_bind_blob(statement, index, own.baseAddress, Int32(own.count), nil)
        }
    }
}
