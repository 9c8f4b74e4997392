internal import DequeModule
internal import Glibc
internal import Synchronization
internal import Threads

/// The executor of one connection: a private thread that runs the actor's jobs and, between them, the connection's turn.
///
/// The thread is started by the first job and ends when the connection has nothing to wait for, so an object that is not
/// running holds no thread, and a job that comes later still runs.
final class ConnectionThread: SerialExecutor {
    /// What the connection waits for between two turns.
    enum Rest: Sendable {
        /// Nothing; the thread may end.
        case nothing
        /// A descriptor (-1 for none), and a time at the latest.
        case poll(descriptor: Int32, isWriteAwaited: Bool, timeout: Duration)
    }

    /// Holds the closure by reference.
    ///
    /// A closure kept in `Mutex` itself would be wrapped in one more thunk at each access,
    /// without end.
    private final class Turn: Sendable {
        let take: @Sendable (Readiness) -> Rest

        init(_ take: @escaping @Sendable (Readiness) -> Rest) {
            self.take = take
        }
    }

    private struct State {
        var jobs: Deque<UnownedJob> = []
        var isAlive = false
    }

    private let name: String
    private let state = Mutex(State())
    private let wakeUp = WakeUp()
    private let identity = Atomic<UInt>(0)
    private let turn = Mutex<Turn?>(nil)

    /// An executor whose thread has the given name.
    init(name: String) {
        self.name = name
    }

    /// Sets what is done after each round of jobs, on the thread, with what `poll` has found before.
    func onTurn(_ body: @escaping @Sendable (Readiness) -> Rest) {
        let new = Turn(body)
        turn.withLock { $0 = new }
    }

    /// Makes the thread take a turn soon, if there is one.
    ///
    /// Callable from anywhere, cheap while it is busy.
    func wake() {
        wakeUp.signal()
    }

    /// Makes the thread take a turn soon, and starts it where it has ended.
    ///
    /// Callable from anywhere.
    func summon() {
        // First the signal, then the check: a thread that is about to end either sees the signal or is seen to have
        // ended.
        wakeUp.signal()
        let mustStart = state.withLock { state in
            defer { state.isAlive = true }
            return !state.isAlive
        }
        if mustStart { PosixThread.start(name: name) { self.main() } }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustStart = state.withLock { state in
            state.jobs.append(job)
            defer { state.isAlive = true }
            return !state.isAlive
        }
        if mustStart {
            PosixThread.start(name: name) { self.main() }
        } else {
            wakeUp.signal()
        }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }

    func isIsolatingCurrentContext() -> Bool? {
        identity.load(ordering: .relaxed) == UInt(pthread_self())
    }

    func checkIsolated() {
        precondition(isIsolatingCurrentContext() == true, "not on the connection's thread")
    }

    private func main() {
        identity.store(UInt(pthread_self()), ordering: .relaxed)
        var readiness: Readiness = []
        while true {
            wakeUp.beginTurn()
            runJobs()
            switch turn.withLock({ $0 })?.take(readiness) ?? .nothing {
            case .nothing:
                if endIfIdle() { return }
                readiness = []
            case .poll(let descriptor, let isWriteAwaited, let timeout):
                readiness = sleep(descriptor, isWriteAwaited, timeout)
            }
        }
    }

    private func runJobs() {
        var jobs = Deque<UnownedJob>()
        state.withLock { swap(&jobs, &$0.jobs) }
        let executor = unsafe asUnownedSerialExecutor()
        for job in jobs { unsafe job.runSynchronously(on: executor) }
    }

    /// Ends the thread unless there is work again; under the lock, so that what comes next starts a new thread.
    private func endIfIdle() -> Bool {
        state.withLock { state in
            guard state.jobs.isEmpty, !wakeUp.isCalled else { return false }
            identity.store(0, ordering: .relaxed)
            state.isAlive = false
            return true
        }
    }

    /// Waits until there is something to do.
    ///
    /// Where there is already, it polls the socket all the same: the socket is read only when `poll` says so, and a
    /// busy thread must not neglect it.
    private func sleep(_ descriptor: Int32, _ isWriteAwaited: Bool, _ timeout: Duration) -> Readiness {
        let events = Int16(POLLIN) | (isWriteAwaited ? Int16(POLLOUT) : 0)
        var milliseconds = Int32(clamping: timeout.millisecondsRoundedUp)
        if milliseconds > 0, !wakeUp.prepareToSleep() { milliseconds = 0 }
        if wakeUp.descriptor < 0 { milliseconds = min(milliseconds, 5) }
        var polled: [2 of pollfd] = [
            pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: events, revents: 0),
        ]
        var descriptors = polled.mutableSpan
        let count = unsafe descriptors.withUnsafeMutableBufferPointer { buffer in
            unsafe poll(buffer.baseAddress, nfds_t(buffer.count), milliseconds)
        }
        wakeUp.endSleep(isSignalled: count > 0 && polled[0].revents != 0)
        return count > 0 ? Readiness(polled[1].revents) : []
    }
}

/// What `poll` found about a socket.
struct Readiness: OptionSet {
    let rawValue: UInt8

    /// Bytes are there, or the end.
    static let readable = Readiness(rawValue: 1)
    /// It takes bytes.
    static let writable = Readiness(rawValue: 2)

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// An error is both: the next read or write shows which.
    init(_ events: Int16) {
        self = []
        let broken = Int16(POLLERR) | Int16(POLLHUP) | Int16(POLLNVAL)
        if events & (Int16(POLLIN) | broken) != 0 { insert(.readable) }
        if events & (Int16(POLLOUT) | broken) != 0 { insert(.writable) }
    }
}

extension Duration {
    /// Milliseconds, rounded up, never negative.
    var millisecondsRoundedUp: Int64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 1_000_000_000 else { return 1_000_000_000_000 }
        return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}
