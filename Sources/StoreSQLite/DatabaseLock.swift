import FoundationEssentials
import StoreSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Says that this process, and no other, serves a database: an `flock` on a file beside it.
///
/// The kernel gives it up with the process, however it ends, so that no stale lock is ever left; the empty file stays.
final class DatabaseLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock for a database, or says at once that another process has it.
    ///
    /// - Parameter databasePath: the database; the lock file is `<path>.lock`.
    /// - Throws: ``StoreError`` with `inUse`, or with `cannotOpen` when there can be no lock file.
    init(databasePath: String) throws {
        let path = databasePath + ".lock"
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.cannotOpen, "The lock file \(path) cannot be opened: \(Self.reason(errno)).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            close(descriptor)
            if number == EWOULDBLOCK {
                throw StoreError(.inUse, "Another process serves the database \(databasePath).", isRetriable: true)
            }
            throw StoreError(.cannotOpen, "The lock file \(path) cannot be locked: \(Self.reason(number)).")
        }
        self.descriptor = descriptor
    }

    deinit {
        // A child that is between its fork and its exec has a copy of the descriptor, so closing ours would not do.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func reason(_ number: Int32) -> String {
        POSIXErrorCode(rawValue: number).map { "\(POSIXError($0).code)" } ?? "error \(number)"
    }
}
