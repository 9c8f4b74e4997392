package import Contracts

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
}

/// What two databases write differently.
package struct SQLDialect: Sendable {
    /// What locks the row of a query until the transaction's end: other processes may want to change it.
    let forUpdate: String
    /// The function for the greater of two values.
    let greater: String
    /// An index that the planner would not take by itself has to be named.
    let namesIndexes: Bool
    /// A column of JSON with an empty text as one member.
    let emptied: @Sendable (_ column: String, _ member: String) -> String

    /// A dialect.
    package init(
        forUpdate: String,
        greater: String,
        namesIndexes: Bool,
        emptied: @escaping @Sendable (_ column: String, _ member: String) -> String
    ) {
        self.forUpdate = forUpdate
        self.greater = greater
        self.namesIndexes = namesIndexes
        self.emptied = emptied
    }

    /// `table` with the index that it is to be searched by.
    func table(_ table: String, by index: String) -> String {
        namesIndexes ? "\(table) INDEXED BY \(index)" : table
    }
}

/// What a change is about, by which a store that others share orders its locks.
package enum SQLChange: Sendable {
    /// A campaign and its recipients.
    case campaign(Int64)
    /// The same, by the id that it has.
    case campaignNamed(CommandID)
    /// A campaign's beginning, which looks at cancellations.
    case campaignStart(Int64)
    /// The suppression list.
    case optOuts
    /// Rows that no other process waits for.
    case other
}

/// A store over SQL; what is the same for every database is written once, by extensions of this.
package protocol SQLStore: Sendable {
    associatedtype Connection: SQLConnection

    /// Makes of a number what is kept of it when it is forgotten.
    var digest: NumberDigest { get }

    /// Makes a change, and returns when it has reached the disk.
    ///
    /// - Throws: ``StoreError``; what the body throws undoes the change.
    func change<Value: Sendable>(
        _ subject: SQLChange,
        _ body: @escaping @Sendable (Connection) throws -> Value
    ) async throws -> Value

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
    func value<Value: ColumnConvertible>(_ sql: String, _ arguments: [ColumnValue]) throws -> Value? {
        try first(sql, arguments) { try $0.nextIfPresent(as: Value.self) } ?? nil
    }
}
