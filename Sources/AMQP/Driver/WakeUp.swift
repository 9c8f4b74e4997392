internal import CRabbitMQ
internal import Glibc
internal import Synchronization

/// Wakes the connection's thread out of `poll`.
///
/// A signal costs a system call only while the thread sleeps.
final class WakeUp: Sendable {
    /// The descriptor to poll; -1 when the process has none left, then the thread checks by itself every few
    /// milliseconds.
    let descriptor: Int32
    private let isSignalled = Atomic<Bool>(false)
    private let isAsleep = Atomic<Bool>(false)

    init() {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// There is work.
    ///
    /// Callable from any thread.
    func signal() {
        isSignalled.store(true, ordering: .sequentiallyConsistent)
        guard isAsleep.exchange(false, ordering: .sequentiallyConsistent) else { return }
        var one: UInt64 = 1
        _ = unsafe write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// Whether there was a signal since the turn began.
    var isCalled: Bool { isSignalled.load(ordering: .sequentiallyConsistent) }

    /// Everything signalled so far is about to be looked at.
    func beginTurn() {
        isSignalled.store(false, ordering: .sequentiallyConsistent)
    }

    /// Announces sleep.
    ///
    /// - Returns: false when there is work after all.
    func prepareToSleep() -> Bool {
        isAsleep.store(true, ordering: .sequentiallyConsistent)
        guard isSignalled.load(ordering: .sequentiallyConsistent) else { return true }
        isAsleep.store(false, ordering: .sequentiallyConsistent)
        return false
    }

    /// Sleep is over; takes the signal off the descriptor where there is one.
    ///
    /// One that comes at this very moment stays, and only makes the next sleep short.
    func endSleep(isSignalled: Bool) {
        isAsleep.store(false, ordering: .sequentiallyConsistent)
        guard isSignalled else { return }
        var count: UInt64 = 0
        _ = unsafe read(descriptor, &count, MemoryLayout<UInt64>.size)
    }
}
