import GRDB
import StoreSupport

/// Reads in groups: all that was asked for while the last group was read is read in one go, on one connection and thread.
///
/// A look-up takes some microseconds; handing it to a thread of its own and back costs more. Each read sees what has been
/// committed before it was asked for.
final class GroupReader: Sendable {
    private let pool: DatabasePool
    private let queue = GroupQueue<Read>(limit: 256)

    /// One caller's read; exactly one of its exits is taken, once.
    private struct Read: Sendable {
        /// Reads, and returns what resumes the caller.
        let perform: @Sendable (Database) -> @Sendable () -> Void
        /// Resumes the caller with an error.
        let fail: @Sendable (any Error) -> Void
    }

    /// A reader over a pool's reading connections.
    init(pool: DatabasePool) {
        self.pool = pool
    }

    /// Reads a value.
    ///
    /// - Throws: what `value` throws; `StoreError.closed`.
    func read<Value: Sendable>(_ value: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        // The continuation's owner is the read in the queue, then in the group; its exits are named there.
        try await withCheckedThrowingContinuation { continuation in
            enqueue(
                Read(
                    perform: { database in
                        let result = Result { try value(database) }
                        return { continuation.resume(with: result) }
                    },
                    fail: { continuation.resume(throwing: $0) }
                )
            )
        }
    }

    /// Takes no more reads; those asked for are still made.
    func close() {
        queue.close()
    }

    private func enqueue(_ read: Read) {
        switch queue.add(read) {
        case .refused: read.fail(StoreError.closed)
        case .queued: break
        case .first: pool.asyncUnsafeRead { self.runGroups(on: $0) }
        }
    }

    /// Runs on a reading connection's own queue until nothing waits.
    private func runGroups(on connection: Result<Database, any Error>) {
        while let group = queue.next() {
            let exits: [@Sendable () -> Void] =
                switch connection {
                case .success(let database): group.map { $0.perform(database) }
                case .failure(let error): group.map { read in { read.fail(error) } }
                }
            for exit in exits { exit() }
        }
    }
}
