import FoundationEssentials
import GRDB
import StoreSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A copy of a database while it is served, by SQLite's online backup.
///
/// The copy is one moment of the database: what is written meanwhile is not in it, and waits for nothing. It gets its
/// name only when it is whole, checked and on the disk, so that a broken copy is never taken for a backup.
package enum DatabaseBackup {
    /// What was written.
    package struct Report: Hashable, Sendable {
        /// The copy's size in bytes.
        package let byteCount: Int64
        /// The last step of the schema that the copy has.
        package let schema: String
    }

    /// Why there is no backup.
    package struct Failure: Error, Hashable, Sendable {
        /// What is at fault.
        package enum Cause: Hashable, Sendable {
            /// There is no such database, or it cannot be read.
            case source
            /// The file is there already, or cannot be made or written.
            case target
            /// What was copied is damaged, so the database is too.
            case damaged
        }

        package let cause: Cause
        /// A sentence for the operator.
        package let message: String
    }

    /// Copies a database of any version of this program.
    ///
    /// Blocks its thread for as long as the copy and its check take. While it runs, SQLite keeps the pages that it
    /// still needs, so that the write-ahead log grows by what is written meanwhile.
    ///
    /// - Parameters:
    ///   - source: the database file.
    ///   - target: the copy, readable by its owner alone; nothing of that name may exist.
    /// - Returns: what was written.
    /// - Throws: ``Failure``; then there is no file at `target`.
    package static func copy(_ source: String, to target: String) throws(Failure) -> Report {
        guard !isThere(target) else { throw Failure(cause: .target, message: "\(target) exists; name another file") }
        let origin = try open(source)
        let partial = try makePartial(of: target)
        defer { for end in ["", "-wal", "-shm", "-journal"] { unsafe unlink(partial + end) } }
        let schema = try write(origin, source, to: partial)
        let byteCount = try reachDisk(partial)
        try publish(partial, as: target)
        return Report(byteCount: byteCount, schema: schema)
    }

    private static func open(_ path: String) throws(Failure) -> DatabaseQueue {
        guard isThere(path) else { throw Failure(cause: .source, message: "there is no database \(path)") }
        // Opened to be read it is not made, and no lock of a serving process is touched.
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        do {
            let database = try DatabaseQueue(path: path, configuration: configuration)
            guard try database.read({ try $0.tableExists("grdb_migrations") }) else {
                throw Failure(cause: .source, message: "\(path) is not a database of sms-bridge")
            }
            return database
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(cause: .source, message: "\(path) cannot be read: \(StoreError.wrapping(error))")
        }
    }

    /// A new file beside the target, so that it is on the same file system.
    private static func makePartial(of target: String) throws(Failure) -> String {
        let partial = "\(target).partial-\(getpid())"
        let descriptor = Self.open(partial, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Failure(cause: .target, message: "\(partial) cannot be made: \(reason(errno))")
        }
        close(descriptor)
        return partial
    }

    /// - Returns: the last step of the schema.
    private static func write(
        _ origin: DatabaseQueue,
        _ source: String,
        to partial: String
    ) throws(Failure) -> String {
        let copy: DatabaseQueue
        do {
            copy = try DatabaseQueue(path: partial)
            // All pages in one step: between two steps SQLite lets go of its view of the database, and begins anew where
            // another connection has written, without end where one always does.
            try origin.backup(to: copy, pagesPerStep: -1)
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            throw Failure(cause: .damaged, message: "\(source) is damaged: \(StoreError.wrapping(error))")
        } catch {
            throw Failure(cause: .target, message: "\(partial) cannot be written: \(StoreError.wrapping(error))")
        }
        do {
            let schema = try copy.writeWithoutTransaction { database in
                // One file, with no log beside it.
                try database.execute(sql: "PRAGMA journal_mode = DELETE")
                let problems = try String.fetchAll(database, sql: "PRAGMA integrity_check(10)")
                guard problems == ["ok"] else {
                    let list = problems.joined(separator: "; ")
                    throw Failure(cause: .damaged, message: "\(source) is damaged: \(list)")
                }
                let last = "SELECT identifier FROM grdb_migrations ORDER BY rowid DESC LIMIT 1"
                return try String.fetchOne(database, sql: last) ?? ""
            }
            try copy.close()
            return schema
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(cause: .damaged, message: "the copy cannot be read: \(StoreError.wrapping(error))")
        }
    }

    /// - Returns: the size of the file.
    private static func reachDisk(_ path: String) throws(Failure) -> Int64 {
        let descriptor = Self.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw Failure(cause: .target, message: "\(path) does not reach the disk: \(reason(errno))")
        }
        defer { close(descriptor) }
        return Int64(lseek(descriptor, 0, SEEK_END))
    }

    /// Gives the copy its name, unless another program has taken it meanwhile.
    private static func publish(_ partial: String, as target: String) throws(Failure) {
        if unsafe link(partial, target) != 0 {
            let number = errno
            guard number != EEXIST else {
                throw Failure(cause: .target, message: "\(target) exists; name another file")
            }
            // A file system without hard links.
            guard unsafe !isThere(target) && rename(partial, target) == 0 else {
                throw Failure(cause: .target, message: "\(target) cannot be made: \(reason(number))")
            }
        }
        let folder = URL(filePath: target).deletingLastPathComponent().path
        let descriptor = Self.open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func isThere(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    private static func open(_ path: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 {
        #if canImport(Glibc)
            unsafe Glibc.open(path, flags, mode)
        #elseif canImport(Musl)
            unsafe Musl.open(path, flags, mode)
        #elseif canImport(Darwin)
            unsafe Darwin.open(path, flags, mode)
        #endif
    }

    private static func reason(_ number: Int32) -> String {
        POSIXErrorCode(rawValue: number).map { "\(POSIXError($0).code)" } ?? "error \(number)"
    }
}
