import GRDB
import StoreSupport

/// Writes in groups: one transaction, and so one wait for the disk, for all that was asked for while the last one ran.
///
/// Changes are made in the order in which they were asked for, one after the other; each sees what those before it did.
/// A caller hears of its change only after the group's commit. The caller's cancellation does not stop a change,
/// because a record of what has been done to the outside world must not get lost on the way.
final class GroupWriter: Sendable {
    private let pool: DatabasePool
    private let observe: @Sendable (Duration) -> Void
    private let queue = GroupQueue<Change>(limit: 512)

    /// One caller's change.
    ///
    /// Exactly one of its exits is taken, once: `apply`'s result, or `fail`.
    private struct Change: Sendable {
        /// Makes the change and returns what resumes the caller with its value.
        let apply: @Sendable (Database) throws -> @Sendable () -> Void
        /// Resumes the caller with an error.
        let fail: @Sendable (any Error) -> Void
    }

    /// A writer over a pool's one writing connection; `observe` gets how long each change took, its wait included.
    init(pool: DatabasePool, observe: @escaping @Sendable (Duration) -> Void = { _ in }) {
        self.pool = pool
        self.observe = observe
    }

    /// Makes a change and returns when it is on the disk.
    ///
    /// - Parameter change: only reads and writes the database, for it may be undone and run again. What it throws undoes it,
    ///   and fails this caller alone.
    /// - Returns: what the change returned.
    /// - Throws: ``StoreError``; when the commit failed, to every caller of the group.
    func write<Value: Sendable>(
        _ change: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        let start = ContinuousClock.now
        defer { observe(ContinuousClock.now - start) }
        // The continuation's owner is the change in the queue, then in the group; its exits are named there.
        return try await withCheckedThrowingContinuation { continuation in
            enqueue(
                Change(
                    apply: { database in
                        let value = try change(database)
                        return { continuation.resume(returning: value) }
                    },
                    fail: { continuation.resume(throwing: StoreError.wrapping($0)) }
                )
            )
        }
    }

    /// How many changes wait for the transaction that runs to end.
    var waitingCount: Int { queue.count }

    /// Takes no more changes; those asked for are still made.
    func close() {
        queue.close()
    }

    private func enqueue(_ change: Change) {
        switch queue.add(change) {
        case .refused: change.fail(StoreError.closed)
        case .queued: break
        case .first: pool.asyncWriteWithoutTransaction { self.runGroups(in: $0) }
        }
    }

    /// Runs on the writing connection's own queue until nothing waits.
    private func runGroups(in database: Database) {
        while let group = queue.next() {
            do {
                let exits = try commit(group, in: database)
                for exit in exits { exit() }
            } catch {
                for change in group { change.fail(error) }
            }
        }
    }

    /// Makes a group's changes in one transaction.
    ///
    /// A change hardly ever fails, so at first none has a savepoint. When one does fail, the transaction is undone and made
    /// again with a savepoint for each: no caller has its result by then, and a change does nothing but write.
    ///
    /// - Returns: for each change, what gives its caller the result.
    /// - Throws: when the transaction as a whole came to nothing; no caller has heard anything then.
    private func commit(_ group: [Change], in database: Database) throws -> [@Sendable () -> Void] {
        var hasFailed = false
        do {
            return try transact(group, in: database) { change in
                do {
                    return try change.apply(database)
                } catch {
                    hasFailed = true
                    throw error
                }
            }
        } catch  where hasFailed {
            return try transact(group, in: database) { try makeApart($0, in: database) }
        }
    }

    /// One transaction around a group's changes.
    private func transact(
        _ group: [Change],
        in database: Database,
        _ make: (Change) throws -> @Sendable () -> Void
    ) throws -> [@Sendable () -> Void] {
        var exits: [@Sendable () -> Void] = []
        exits.reserveCapacity(group.count)
        do {
            try database.beginTransaction(.immediate)
            for change in group {
                exits.append(try make(change))
                // Outside of it the changes that follow would be written one by one.
                guard database.isInsideTransaction else { throw StoreError.transactionEnded }
            }
            try database.commit()
            return exits
        } catch {
            if database.isInsideTransaction { try? database.rollback() }
            throw error
        }
    }

    /// Makes one change in a savepoint, or undoes it.
    ///
    /// - Throws: when the failure took the whole transaction with it, as a full disk does
    ///   (https://www.sqlite.org/lang_transaction.html, "Response to errors within a transaction").
    private func makeApart(_ change: Change, in database: Database) throws -> @Sendable () -> Void {
        do {
            try database.cachedStatement(sql: "SAVEPOINT change").execute()
            let exit = try change.apply(database)
            try database.cachedStatement(sql: "RELEASE change").execute()
            return exit
        } catch {
            guard database.isInsideTransaction else { throw error }
            try database.cachedStatement(sql: "ROLLBACK TO change").execute()
            try database.cachedStatement(sql: "RELEASE change").execute()
            return { change.fail(error) }
        }
    }
}
