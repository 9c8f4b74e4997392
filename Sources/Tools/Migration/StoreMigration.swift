import Contracts
import FoundationEssentials
import SMSCore
import StorePostgres
import StoreSQLite
import StoreSupport

/// Takes everything that a store of SQLite holds to one of PostgreSQL, while no service runs.
package struct StoreMigration: Sendable {
    /// How far it has come.
    package struct Progress: Sendable {
        /// The table that is being written.
        package var table: String
        /// Rows written, of all tables.
        package var done = 0
        /// Rows of all tables.
        package var all: Int
    }

    /// A table whose counts differ at the end.
    package struct Difference: Hashable, Sendable {
        package let table: String
        package let from: Int
        package let to: Int
    }

    /// What came of it.
    package struct Result: Hashable, Sendable {
        /// Rows of all tables.
        package var rows = 0
        /// Tables that do not have the same number of rows in both; none when everything went along.
        package var differences: [Difference] = []
    }

    /// How many rows are read and written at a time.
    private static let page = 1_000

    private let path: String
    private let uri: String

    /// A migration from the file of a SQLite store to a database.
    package init(from path: String, to uri: String) {
        self.path = path
        self.uri = uri
    }

    /// Copies everything; done again after an interruption it copies what is missing.
    ///
    /// The file stays as it is, but for being brought to the present schema.
    ///
    /// - Parameter onProgress: called after every page.
    /// - Returns: how many rows there were, and where the counts differ.
    /// - Throws: `StoreError`: `cannotOpen` where there is no file, `inUse` when a service uses it; those of both databases.
    package func run(onProgress: (Progress) -> Void = { _ in }) async throws -> Result {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError(.cannotOpen, "There is no file \(path).")
        }
        let source = try SQLiteStore(path: path)
        do {
            let target = try await PostgresStore.open(PostgresStore.Options(uri: uri, owner: .random()))
            do {
                let result = try await copy(from: source, to: target, onProgress)
                await target.close()
                try await source.close()
                return result
            } catch {
                await target.close()
                throw error
            }
        } catch {
            // What went wrong first is what counts.
            try? await source.close()
            throw error
        }
    }

    private func copy(
        from source: SQLiteStore,
        to target: PostgresStore,
        _ onProgress: (Progress) -> Void
    ) async throws -> Result {
        var counts: [(table: StoredTable, count: Int)] = []
        for table in StoredTable.all { counts.append((table, try await source.count(of: table))) }
        var progress = Progress(table: "", all: counts.reduce(0) { $0 + $1.count })
        for (table, _) in counts {
            progress.table = table.name
            onProgress(progress)
            let columns = try await source.columns(of: table)
            let places = table.key.compactMap { columns.firstIndex(of: $0) }
            var last: [ColumnValue]?
            while true {
                let rows = try await source.rows(of: table, columns, after: last, limit: Self.page)
                guard let end = rows.last else { break }
                try await target.write(rows, to: table, columns)
                last = places.map { end[$0] }
                progress.done += rows.count
                onProgress(progress)
            }
        }
        try await target.endImport()
        var result = Result(rows: progress.all)
        for (table, count) in counts {
            let there = try await target.count(of: table)
            if there != count { result.differences.append(Difference(table: table.name, from: count, to: there)) }
        }
        return result
    }
}

/// The two ends of a migration as they are written on a command line.
package enum StoreAddress {
    /// The path of a SQLite file, written as `sqlite:` and the path; nil when it is none.
    package static func path(of text: String) -> String? {
        guard text.hasPrefix("sqlite:") else { return nil }
        let path = String(text.dropFirst("sqlite:".count))
        return path.isEmpty ? nil : path
    }

    /// What is wrong with a database's URI; nil when it can be used.
    package static func problem(ofDatabase text: String) -> String? {
        guard text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") else {
            return "does not begin with postgres://"
        }
        return PostgresStore.problem(ofURI: text)
    }
}
