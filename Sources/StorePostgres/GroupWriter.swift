internal import Contracts
internal import Glibc
internal import SMSCore
internal import StoreSupport
internal import Synchronization

/// Writes in groups: one transaction, and so one wait for the disk, for all that was asked for while the last one ran.
///
/// A caller hears of its change only after the group's commit, and every change is a compare-and-set of its own, since
/// other replicas write at the same time (READ COMMITTED: each statement sees what was committed before it began). A
/// commit whose answer is lost is looked up by its transaction's number, so that no caller gets an error for what was done.
final class GroupWriter: Sendable {
    /// What a change has to do with opt-outs and cancellations.
    enum Barring: Int, Comparable, Sendable {
        /// Nothing.
        case none
        /// It is an intent: what bars it must not be committed between its look and its own commit.
        case asks
        /// It adds or removes what bars others: no intent that has not seen it may be committed after it.
        case changes

        static func < (left: Barring, right: Barring) -> Bool { left.rawValue < right.rawValue }
    }

    /// What a change locks, and so where in its transaction it is made.
    ///
    /// Changes are made by places in order, so that two replicas that change the same rows at the same time lock them in
    /// the same order, and neither waits for what the other one waits for. What all replicas change comes last, and is
    /// locked for the shortest time.
    ///
    /// Within a kind the order is that of the key's bytes. Rows of messages that are there already are locked before
    /// anything else (`locking` of `write`), since some of their changes have to stand with the receipts.
    enum Place: Sendable {
        /// The row of a message.
        case message(CommandID)
        /// A row that is found by this key, or rows that no other replica waits for.
        case row(String)
        /// The receipts of a message, which has this UUID at the provider, and the wait for them.
        case receipts(of: String)
        /// A campaign and its recipients.
        case campaign(Int64)
        /// The one row of a table that every replica changes.
        case last
    }

    private struct Change: Sendable {
        let barring: Barring
        let place: Place
        let message: CommandID?
        let deadline: ContinuousClock.Instant
        /// Makes the change and returns what resumes the caller with its value.
        let apply: @Sendable (Session) throws -> @Sendable () -> Void
        /// Resumes the caller with an error.
        let fail: @Sendable (any Error) -> Void
    }

    /// How long a change waits for its transaction to begin.
    private static let patience: Duration = .seconds(15)
    /// How long the end of a transaction is asked for whose commit was not answered.
    private static let enquiryLimit: Duration = .seconds(60)

    private let threads: ConnectionThreads
    private let observe: @Sendable (Duration) -> Void
    // Each group's locks are held until its commit, so a group is not larger than what a commit takes anyway.
    private let queue = GroupQueue<Change>(limit: 256)
    /// How many transactions were undone and made again since they and another replica's waited for each other.
    let conflicts = Atomic<Int>(0)

    /// A writer over threads of which there must be one.
    init(threads: ConnectionThreads, observe: @escaping @Sendable (Duration) -> Void) {
        self.threads = threads
        self.observe = observe
    }

    /// Makes a change and returns when it has been committed.
    ///
    /// - Parameters:
    ///   - barring: what it has to do with opt-outs and cancellations.
    ///   - place: what it locks; by default something that no other replica waits for.
    ///   - message: the message whose row it changes; nil for none, or for one that it adds.
    ///   - change: only reads and writes the database, for it may be undone and run again. What it throws undoes it, and
    ///     fails this caller alone.
    /// - Returns: what the change returned.
    /// - Throws: ``StoreError``; when the commit failed, to every caller of the group.
    func write<Value: Sendable>(
        _ barring: Barring = .none,
        at place: Place = .row(""),
        locking message: CommandID? = nil,
        _ change: @escaping @Sendable (Session) throws -> Value
    ) async throws -> Value {
        let start = ContinuousClock.now
        defer { observe(ContinuousClock.now - start) }
        // The continuation's owner is the change in the queue, then in the group; its exits are named there.
        return try await withCheckedThrowingContinuation { continuation in
            enqueue(
                Change(
                    barring: barring,
                    place: place,
                    message: message,
                    deadline: start + Self.patience,
                    apply: { session in
                        let value = try change(session)
                        return { continuation.resume(returning: value) }
                    },
                    fail: { continuation.resume(throwing: $0) }
                )
            )
        }
    }

    /// Takes no more changes; those asked for are still made.
    func close() {
        queue.close()
    }

    private func enqueue(_ change: Change) {
        switch queue.add(change) {
        case .refused: change.fail(StoreError.closed)
        case .queued: break
        case .first: if !threads.perform({ self.runGroups(on: $0) }) { failAll(StoreError.closed) }
        }
    }

    private func runGroups(on session: Session) {
        while let group = queue.next() {
            let now = ContinuousClock.now
            let late = StoreError(.unavailable, "The database did not do its work in time.", isRetriable: true)
            for change in group where change.deadline < now { change.fail(late) }
            let current = group.filter { $0.deadline >= now }
            guard !current.isEmpty else { continue }
            do {
                for exit in try commit(current, on: session) { exit() }
            } catch {
                for change in current { change.fail(error) }
            }
        }
    }

    private func failAll(_ error: StoreError) {
        while let group = queue.next() {
            for change in group { change.fail(error) }
        }
    }

    /// Makes a group's changes in one transaction.
    ///
    /// A change hardly ever fails, so at first none has a savepoint. When one does fail, the transaction is undone and made
    /// again with a savepoint for each: no caller has its result by then, and a change does nothing but write.
    private func commit(_ group: [Change], on session: Session) throws -> [@Sendable () -> Void] {
        // A stable order, for callers of one group that wait for each other do not exist.
        let group = group.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
            .map(\.element)
        var isApart = false
        var attempt = 0
        while true {
            attempt += 1
            do {
                return try transact(group, on: session, isApart: isApart)
            } catch let unknown as UnknownEnd {
                throw unknown.error
            } catch let error as StoreError where attempt < 4 && error.isConflict {
                conflicts.add(1, ordering: .relaxed)
                continue
            } catch let error as StoreError where attempt == 1 && error.code == .unavailable {
                // Nothing was committed; mostly a connection that has broken since it was last used.
                continue
            } catch  where !isApart {
                if (error as? StoreError)?.code == .unavailable { throw error }
                isApart = true
            }
        }
    }

    private func transact(_ group: [Change], on session: Session, isApart: Bool) throws -> [@Sendable () -> Void] {
        let barring = group.map(\.barring).max() ?? .none
        var exits: [@Sendable () -> Void] = []
        exits.reserveCapacity(group.count)
        let transaction: String
        do {
            transaction = try session.begin(barring)
            if group.count > 1 { try session.lock(messages: group.compactMap(\.message)) }
            for change in group {
                exits.append(try isApart ? makeApart(change, on: session) : change.apply(session))
            }
        } catch {
            session.rollBack()
            throw error
        }
        do {
            try session.execute("COMMIT").requireCommit()
        } catch let error as StoreError where error.code == .unavailable {
            switch outcome(of: transaction, on: session) {
            case .committed: break
            case .undone: throw error
            case .unknown: throw UnknownEnd()
            }
        } catch {
            session.rollBack()
            throw error
        }
        return exits
    }

    private func makeApart(_ change: Change, on session: Session) throws -> @Sendable () -> Void {
        _ = try session.execute("SAVEPOINT change")
        do {
            let exit = try change.apply(session)
            _ = try session.execute("RELEASE SAVEPOINT change")
            return exit
        } catch {
            guard session.isConnected else { throw error }
            if let error = error as? StoreError, error.isConflict { throw error }
            _ = try session.execute("ROLLBACK TO SAVEPOINT change")
            _ = try session.execute("RELEASE SAVEPOINT change")
            return { change.fail(error) }
        }
    }

    private enum Ending {
        case committed
        case undone
        case unknown
    }

    /// A transaction may have been committed, and must not be made again.
    private struct UnknownEnd: Error {
        let error = StoreError(
            .unavailable,
            "It is not known whether the database committed a change.",
            isRetriable: true
        )
    }

    /// What became of a transaction whose commit was not answered: the server knows it by its number.
    private func outcome(of transaction: String, on session: Session) -> Ending {
        let deadline = ContinuousClock.now + Self.enquiryLimit
        while true {
            do {
                let answer = try session.execute("SELECT pg_xact_status(?::text::xid8)", [transaction.column])
                switch try answer.first(as: String.self) {
                case "committed"?: return .committed
                // Its session has not noticed yet that it has lost us.
                case "in progress"?: break
                // Also one that a server that has taken over never heard of.
                default: return .undone
                }
            } catch {
                // It is asked again, on another connection, until the deadline.
            }
            if ContinuousClock.now >= deadline { return .unknown }
            usleep(100_000)
        }
    }
}

extension GroupWriter.Place: Comparable {
    /// The kind's place, and the key within the kind.
    private var key: (kind: Int, text: String, number: Int64) {
        switch self {
        case .message(let id): (0, id.text, 0)
        case .row(let key): (1, key, 0)
        case .receipts(let uuid): (2, uuid, 0)
        case .campaign(let number): (3, "", number)
        case .last: (4, "", 0)
        }
    }

    static func < (left: Self, right: Self) -> Bool {
        let (one, other) = (left.key, right.key)
        guard one.kind == other.kind, one.number == other.number else {
            return (one.kind, one.number) < (other.kind, other.number)
        }
        return one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
    }
}

extension Session {
    /// Locks the rows of messages, in the order of their ids' bytes, until the transaction's end.
    fileprivate func lock(messages ids: [CommandID]) throws {
        guard !ids.isEmpty else { return }
        let sql = """
            SELECT 1 FROM message WHERE id = ANY(?::text::text[]) ORDER BY id COLLATE "C" FOR NO KEY UPDATE
            """
        let quoted = ids.map { id in
            "\"" + id.text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        }
        _ = try execute(sql, ["{\(quoted.joined(separator: ","))}".column])
    }

    /// Which of the advisory locks of this installation; the first half of a key is the schema's hash.
    enum Lock: Int {
        /// Opt-outs and cancellations against intents.
        case barring = 1
        /// One sweep at a time.
        case sweep = 2
        /// One migration at a time.
        case migration = 3
        /// One takes over the spools of those that are gone.
        case adoption = 4
    }

    /// Begins a transaction with the lock that it needs.
    ///
    /// **Why a STOP holds.** What changes the list or cancels takes the lock `barring` alone, an intent shares it, each
    /// before its first look and until its commit. So either the STOP's commit is over when the intent's transaction gets
    /// the lock, and the intent, whose statements begin later, sees it; or the intent's commit is over before the STOP is.
    ///
    /// - Returns: the transaction's number.
    func begin(_ barring: GroupWriter.Barring) throws -> String {
        let lock =
            switch barring {
            case .none: ""
            case .asks: ", pg_advisory_xact_lock_shared(hashtext(current_schema()), \(Lock.barring.rawValue))"
            case .changes: ", pg_advisory_xact_lock(hashtext(current_schema()), \(Lock.barring.rawValue))"
            }
        _ = try execute("BEGIN")
        guard let number = try execute("SELECT pg_current_xact_id()::text\(lock)").first(as: String.self) else {
            throw StoreError.corrupt("The number of a transaction")
        }
        return number
    }

    /// Undoes the transaction; where that is not possible, the connection goes, and the transaction with it.
    func rollBack() {
        guard isConnected else { return }
        do {
            _ = try execute("ROLLBACK")
        } catch {
            close()
        }
    }

    /// Tries to take an advisory lock until the transaction's end.
    func tryLock(_ lock: Lock) throws -> Bool {
        try execute("SELECT pg_try_advisory_xact_lock(hashtext(current_schema()), \(lock.rawValue))")
            .first(as: Bool.self) == true
    }
}
