import GRDB
import StoreSupport

extension StoreError {
    /// Gives an error of the library its place among ours; ours, and cancellation, pass through.
    ///
    /// GRDB names the statement in its errors but, by its default, no argument, so that no value gets into a log.
    static func wrapping(_ error: any Error) -> any Error {
        switch error {
        case is StoreError, is CancellationError: error
        case let error as DatabaseError: StoreError(error)
        case let error as RowDecodingError: corrupt("A row", underlying: error)
        default: StoreError(.other, "The store failed.", underlying: error)
        }
    }

    private init(_ error: DatabaseError) {
        let (code, message, isRetriable) = Self.meaning(of: error.resultCode)
        self.init(
            code,
            message,
            sqliteCode: error.extendedResultCode.rawValue,
            underlying: error,
            isRetriable: isRetriable
        )
    }

    /// The meaning of a primary result code (https://www.sqlite.org/rescode.html).
    private static func meaning(of code: ResultCode) -> (code: Code, message: String, isRetriable: Bool) {
        switch code {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            (.busy, "The database was held by another process for too long.", true)
        case .SQLITE_FULL:
            (.full, "The disk is full.", true)
        case .SQLITE_IOERR:
            (.inputOutput, "The disk failed.", true)
        case .SQLITE_NOMEM:
            (.other, "There is no memory left.", true)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
            (.cannotOpen, "The database cannot be opened for writing.", false)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            (.corrupt, "The file is damaged or no database.", false)
        case .SQLITE_MISUSE:
            (.closed, "The database connection is closed.", false)
        case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_RANGE, .SQLITE_TOOBIG:
            (.misuse, "The database does not take what it was given.", false)
        default:
            (.other, "The database failed.", false)
        }
    }
}
