/// What is thrown when the store cannot do its work.
///
/// A lost compare-and-set or a full spool is not an error but an answer.
package struct StoreError: Error, Sendable {
    /// What broke; extensible, so that a new code breaks no switch.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The code as it stands in logs, lower case with underscores.
        package let description: String

        private init(_ description: String) { self.description = description }

        /// Another process serves this database.
        package static let inUse = Code("in_use")
        /// The database, its folder or its lock file cannot be opened or made.
        package static let cannotOpen = Code("cannot_open")
        /// The database has the schema of another version of this program.
        package static let schema = Code("schema")
        /// The database has the schema of an older version, and the program that opened it may not change that.
        package static let outdated = Code("outdated")
        /// Another process held the database longer than the busy timeout.
        package static let busy = Code("busy")
        /// The disk is full.
        package static let full = Code("full")
        /// The disk, or what lies below it, failed.
        package static let inputOutput = Code("input_output")
        /// The file is not a database, is damaged, or holds something that cannot be read.
        package static let corrupt = Code("corrupt")
        /// The database server cannot be reached, or did not answer in time.
        package static let unavailable = Code("unavailable")
        /// The store has been closed.
        package static let closed = Code("closed")
        /// The caller asked for something that makes no sense.
        package static let misuse = Code("misuse")
        /// Anything else; the library's own code says more.
        package static let other = Code("other")
    }

    /// What broke.
    package let code: Code
    /// One sentence for the operator.
    ///
    /// Holds no phone number, no text and no id.
    package let message: String
    /// SQLite's extended result code, where it has given one.
    package let sqliteCode: Int32?
    /// PostgreSQL's SQLSTATE, where it has given one.
    package let sqlState: String?
    /// The library's own error, where there is one.
    ///
    /// Not part of the description.
    package let underlying: (any Error)?
    /// Whether the same call may succeed later without a change of the call or the database.
    package let isRetriable: Bool

    /// An error with its code.
    package init(
        _ code: Code,
        _ message: String,
        sqliteCode: Int32? = nil,
        sqlState: String? = nil,
        underlying: (any Error)? = nil,
        isRetriable: Bool = false
    ) {
        self.code = code
        self.message = message
        self.sqliteCode = sqliteCode
        self.sqlState = sqlState
        self.underlying = underlying
        self.isRetriable = isRetriable
    }

    /// A stored value that cannot be read.
    package static func corrupt(_ what: String, underlying: (any Error)? = nil) -> StoreError {
        StoreError(.corrupt, "\(what) cannot be read from the store.", underlying: underlying)
    }

    /// The next start of the service changes the schema.
    package static var outdated: StoreError {
        StoreError(.outdated, "The database is of an older version of sms-bridge.")
    }

    /// Nothing is read or written any more.
    package static var closed: StoreError { StoreError(.closed, "The store has been closed.") }

    /// A change ended the transaction that it shares with others.
    package static var transactionEnded: StoreError { StoreError(.misuse, "A change ended its transaction.") }
}

extension StoreError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String {
        switch (sqliteCode, sqlState) {
        case (let sqliteCode?, _): "\(code): \(message) (SQLite \(sqliteCode))"
        case (nil, let sqlState?): "\(code): \(message) (SQLSTATE \(sqlState))"
        case (nil, nil): "\(code): \(message)"
        }
    }

    package var debugDescription: String {
        guard let underlying else { return description }
        return "\(description) (\(underlying))"
    }
}
