import Synchronization

/// One lock per key: bodies of the same key run one after the other, in the order of their calls; others do not wait.
///
/// So fifty copies of a command make one request: the first carries it out, the others find it settled.
package final class KeyedLocks<Key: Hashable & Sendable>: Sendable {
    /// The tasks that wait for a key; a key is in the table while its lock is held.
    private let waiting = Mutex<[Key: [CheckedContinuation<Void, Never>]]>([:])

    /// Locks that are all free.
    package init() {}

    /// Runs a body while no other body of the same key runs; the body gets whether it had to wait.
    ///
    /// Waiting is not cancellable: what holds the lock has deadlines of its own.
    package func withLock<Value>(_ key: Key, _ body: (_ hasWaited: Bool) async throws -> Value) async rethrows -> Value
    {
        let hasWaited = await acquire(key)
        defer { release(key) }
        return try await body(hasWaited)
    }

    private func acquire(_ key: Key) async -> Bool {
        let isFree = waiting.withLock { waiting in
            guard waiting[key] == nil else { return false }
            waiting[key] = []
            return true
        }
        if isFree { return false }
        // The continuation is resumed exactly once: here when the holder left in between, else by `release`.
        await withCheckedContinuation { continuation in
            let isFreeNow = waiting.withLock { waiting in
                if waiting[key] == nil {
                    waiting[key] = []
                    return true
                }
                waiting[key]?.append(continuation)
                return false
            }
            if isFreeNow { continuation.resume() }
        }
        return true
    }

    private func release(_ key: Key) {
        let next = waiting.withLock { waiting -> CheckedContinuation<Void, Never>? in
            guard var queue = waiting[key], !queue.isEmpty else {
                waiting[key] = nil
                return nil
            }
            let next = queue.removeFirst()
            waiting[key] = queue
            return next
        }
        next?.resume()
    }
}
