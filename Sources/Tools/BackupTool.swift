package import App
import StoreSQLite

/// The backup of the store that the settings name.
package enum BackupTool {
    /// What was written.
    package struct Report: Encodable, Hashable, Sendable {
        /// The copy.
        package let file: String
        /// Its size in bytes.
        package let bytes: Int64
        /// The last step of the schema that it has.
        package let schema: String
    }

    /// Why there is no backup: a sentence for the operator, by what is at fault.
    package enum Failure: Error, Hashable, Sendable {
        /// There is no store, or it cannot be read.
        case store(String)
        /// The file is there already, or cannot be made or written.
        case file(String)
        /// The store is damaged.
        case damaged(String)
    }

    /// Copies the store, also while it is served.
    ///
    /// Blocks its thread for as long as it takes.
    ///
    /// - Parameters:
    ///   - settings: where the store is.
    ///   - file: the copy to be made.
    /// - Returns: what was written.
    /// - Throws: `Failure`; then there is no such file.
    package static func run(_ settings: Settings, to file: String) throws(Failure) -> Report {
        if settings.store.isShared {
            let advice = "a database of PostgreSQL is backed up by its own tools, as pg_dump"
            throw .store("backup copies a SQLite store; \(advice)")
        }
        do throws(DatabaseBackup.Failure) {
            let copy = try DatabaseBackup.copy(settings.store.path, to: file)
            return Report(file: file, bytes: copy.byteCount, schema: copy.schema)
        } catch {
            switch error.cause {
            case .source: throw .store(error.message)
            case .target: throw .file(error.message)
            case .damaged: throw .damaged(error.message)
            }
        }
    }
}
