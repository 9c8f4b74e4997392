package import Contracts
package import SMSCore

/// A connection to a database, for what both stores do in the same way; it belongs to one thread at a time.
package protocol SQLConnection {
    /// Reads the rows of this database.
    associatedtype Reader: ColumnReader

    /// What is written differently for this database.
    static var dialect: SQLDialect { get }

    /// Runs a statement; `?` or `?1` stand for arguments.
    ///
    /// - Returns: how many rows it has changed.
    @discardableResult
    func change(_ sql: String, _ arguments: [ColumnValue]) throws -> Int

    /// All rows of a query, each read by `read`.
    func all<Value>(
        _ sql: String,
        _ arguments: [ColumnValue],
        _ read: (inout Reader) throws -> Value
    ) throws -> [Value]

    /// The first row of a query, read by `read`; nil when there is none.
    func first<Value>(
        _ sql: String,
        _ arguments: [ColumnValue],
        _ read: (inout Reader) throws -> Value
    ) throws -> Value?

    /// Whether this process is the one that sweeps until the transaction's end.
    func maySweep() throws -> Bool

    /// One at a time settles a message as accepted or notes a final receipt of it, until the transaction's end.
    func lockReceipts(of messageUUID: String) throws

    /// Takes a noted id over from a delivery of another holder: one not acked first, one not settled first among them, then one
    /// of a process that is gone, then the oldest; one that another process takes at the same time is left to it.
    ///
    /// - Returns: nil when there is none.
    func takeOverAnonymousID(digest: String, holder: String) throws -> CommandID?
}

/// What a change is about, by which a store that others share orders its locks.
package enum SQLChange: Sendable {
    /// A campaign and its recipients.
    case campaign(Int64)
    /// The same, by the id that it has.
    case campaignNamed(CommandID)
    /// A campaign's beginning, which looks at cancellations.
    case campaignStart(Int64)
    /// What forbids to send: the suppression list, or cancellations.
    case bars
    /// A row that is found by this key.
    case row(String)
    /// The receipts of a message, by its UUID at the provider, and the wait for them.
    case receipts(of: String)
    /// The one row of a table that every process changes.
    case single
    /// Rows that no other process waits for.
    case other
}

/// A store over SQL; what is the same for every database is written once, by extensions of this.
package protocol SQLStore: Sendable {
    associatedtype Connection: SQLConnection

    /// Makes of a number what is kept of it when it is forgotten.
    var digest: NumberDigest { get }

    /// The facts of records as they were last read or written.
    var facts: FactsText { get }

    /// Makes a change, and returns when it has reached the disk.
    ///
    /// - Throws: ``StoreError``; what the body throws undoes the change.
    func change<Value: Sendable>(
        _ subject: SQLChange,
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value

    /// Writes a record that says nothing of a person any more, and erases what the receipts of its messages say.
    ///
    /// - Returns: false when the record was changed meanwhile; nothing was written then.
    func replace(with record: MessageRecord, erasingReceiptsOf messageUUIDs: [String]) async throws -> Bool

    /// Reads what has been committed; several statements are not one view.
    func read<Value: Sendable>(_ value: @escaping @Sendable (Connection) throws -> Value) async throws -> Value

    /// Looks a few rows up by an index; a plain read where that costs no less.
    func lookUp<Value: Sendable>(_ value: @escaping @Sendable (Connection) throws -> Value) async throws -> Value
}

extension SQLStore {
    package func lookUp<Value: Sendable>(
        _ value: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value {
        try await read(value)
    }
}

extension SQLConnection {
    /// The first row's first column; nil when there is no row, or NULL in it.
    package func value<Value: ColumnConvertible>(_ sql: String, _ arguments: [ColumnValue]) throws -> Value? {
        try first(sql, arguments) { try $0.nextIfPresent(as: Value.self) } ?? nil
    }
}
