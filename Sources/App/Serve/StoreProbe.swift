import SMSCore

/// Asks the store whether it works, with at most one question under way, however many callers ask.
actor StoreProbe {
    private let store: any MessageStore
    private var running: Task<Void, any Error>?

    init(_ store: any MessageStore) {
        self.store = store
    }

    /// Waits for an answer.
    ///
    /// - Throws: what the store throws; `DeadlineExceeded` when none came in time, and the question stays open.
    func ask(within limit: Duration) async throws {
        let task = running ?? begin()
        try await withDeadline(limit) { try await task.value }
    }

    private func begin() -> Task<Void, any Error> {
        let task = Task {
            defer { running = nil }
            try await store.probe()
        }
        running = task
        return task
    }
}
