internal import Glibc
internal import Synchronization

/// Ends calls into librabbitmq that take too long, by shutting the socket down from outside.
///
/// librabbitmq 0.11 can wait for ever in a send (fixed in 0.14). `shutdown` ends every blocked call; `close` must never
/// be called from outside, for the number may belong to another file by then. The library closes its descriptor by
/// itself on some errors, so the watch holds a duplicate of its own: the number is not reused until `release`.
final class CallWatch: Sendable {
    private let descriptor = Mutex<Int32>(-1)
    /// Nanoseconds since `start` when the present call is overdue; 0 outside of calls.
    private let dueAt = Atomic<Int64>(0)
    private let start = ContinuousClock.now

    deinit { release() }

    /// Begins to watch a socket.
    func guardDescriptor(_ socket: Int32) {
        release()
        let duplicate = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        descriptor.withLock { $0 = duplicate }
    }

    /// Stops watching; the socket is about to be closed.
    func release() {
        dueAt.store(0, ordering: .relaxed)
        descriptor.withLock { held in
            if held >= 0 { close(held) }
            held = -1
        }
    }

    /// A call begins that has to be over within `limit`.
    func enter(limit: Duration) {
        dueAt.store(nanoseconds(ContinuousClock.now + limit), ordering: .relaxed)
    }

    /// The call is over.
    func leave() {
        dueAt.store(0, ordering: .relaxed)
    }

    /// Shuts the socket down when a call is overdue.
    ///
    /// Callable from any thread.
    ///
    /// - Returns: whether one was.
    func interruptIfOverdue(now: ContinuousClock.Instant) -> Bool {
        let due = dueAt.load(ordering: .relaxed)
        guard due != 0, due <= nanoseconds(now) else { return false }
        return descriptor.withLock { held in
            guard held >= 0 else { return false }
            shutdown(held, Int32(SHUT_RDWR))
            return true
        }
    }

    private func nanoseconds(_ instant: ContinuousClock.Instant) -> Int64 {
        let (seconds, attoseconds) = start.duration(to: instant).components
        return max(1, seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
