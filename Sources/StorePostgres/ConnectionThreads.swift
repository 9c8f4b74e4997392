internal import DequeModule
internal import Dispatch
internal import Synchronization
internal import Threads

/// Some private threads with a database session each, and one queue of jobs for all of them.
///
/// A session belongs to its thread: it is made there, and only jobs that run there see it. libpq blocks, so nothing of it
/// runs on Swift's cooperative pool.
final class ConnectionThreads: Sendable {
    /// Runs on one of the threads.
    typealias Job = @Sendable (Session) -> Void

    private struct State {
        var jobs: Deque<Job> = []
        var isClosed = false
        var alive: Int
        var onEnd: (@Sendable () -> Void)?
    }

    private let state: Mutex<State>
    private let count: Int
    private let signal = DispatchSemaphore(value: 0)

    /// Starts `count` threads, each with the session that `makeSession` makes.
    init(_ name: String, count: Int, makeSession: @escaping @Sendable () -> Session) {
        self.count = count
        state = Mutex(State(alive: count))
        for _ in 0..<count {
            PosixThread.start(name: name) { self.run(makeSession()) }
        }
    }

    /// Has a job done by the next thread that is free, in the order of asking.
    ///
    /// - Returns: false when the threads have been asked to end; the job is not done then.
    func perform(_ job: @escaping Job) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isClosed else { return false }
            state.jobs.append(job)
            return true
        }
        if isTaken { signal.signal() }
        return isTaken
    }

    /// Takes no more jobs, does those that wait, and returns when the threads have ended and their sessions are closed.
    func close() async {
        // One exit: the last thread's end, or at once where they have ended already.
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                state.isClosed = true
                if state.alive > 0 { state.onEnd = { continuation.resume() } }
                return state.alive == 0
            }
            if hasEnded { continuation.resume() }
            for _ in 0..<count { signal.signal() }
        }
    }

    private func run(_ session: Session) {
        while true {
            signal.wait()
            let (job, isOver) = state.withLock { ($0.jobs.popFirst(), $0.isClosed) }
            if let job {
                job(session)
            } else if isOver {
                break
            }
        }
        session.close()
        let onEnd = state.withLock { state in
            state.alive -= 1
            return state.alive == 0 ? state.onEnd : nil
        }
        onEnd?()
    }
}
