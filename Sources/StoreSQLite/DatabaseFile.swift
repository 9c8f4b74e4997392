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

/// How the database file is made and opened.
enum DatabaseFile {
    /// How long a connection waits for another process's write.
    static let busyTimeout: Duration = .seconds(5)

    /// Makes the folder, readable by its owner alone, unless it is there.
    static func makeFolder(of path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw StoreError(.cannotOpen, "The folder \(folder.path) cannot be made.", underlying: error)
        }
    }

    /// Opens the database with WAL and every commit on the disk before it returns.
    static func openPool(path: String) throws -> DatabasePool {
        makePrivate(path)
        let pool = try DatabasePool(path: path, configuration: configuration)
        // GRDB sets NORMAL when it turns WAL on, after `prepareDatabase` has run: a commit could then be lost with the power.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return pool
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "sms-bridge.store"
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.persistentReadOnlyConnections = true
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA busy_timeout = \(busyTimeout.components.seconds * 1000)")
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // Pages that it keeps, in KiB. A reader finds the others in the system's cache of the file, and there are up to
            // four readers: with 16 MiB each they took more memory than all the rest of the service.
            let cache = database.configuration.readonly ? 1_024 : 8_192
            try database.execute(sql: "PRAGMA cache_size = -\(cache)")
        }
        return configuration
    }

    /// Makes an empty file that only its owner can read, since it will hold phone numbers; SQLite gives its other files
    /// the same permissions.
    ///
    /// One that exists is not even opened: closing it would drop the locks that SQLite holds on it in this process
    /// (https://www.sqlite.org/howtocorrupt.html, 2.2). What goes wrong here goes wrong again, with a better error, when
    /// the database is opened.
    private static func makePrivate(_ path: String) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }
}
