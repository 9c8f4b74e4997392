import DequeModule
import Dispatch
import Foundation
import Synchronization

/// One thread that runs the steps of all commands, so that a step does not begin with a change of threads.
///
/// A message waits for the disk, the provider and the broker several times. On the shared pool each of these waits would end
/// with waking a thread of the pool, for some microseconds of work. Here what has become ready meanwhile is run in a row,
/// and the thread is woken only out of sleep. What blocks or computes for long must not run here.
final class FlowExecutor: TaskExecutor {
    private struct State {
        var jobs: Deque<UnownedJob> = []
        var isAsleep = false
        var isEnded = false
    }

    private let state = Mutex(State())
    private let wakeUp = DispatchSemaphore(value: 0)

    /// Starts the thread; it lives until the process ends or ``end()`` is called.
    init(name: String) {
        let thread = Thread { [self] in run() }
        thread.name = name
        thread.stackSize = 1 << 20
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustWake = state.withLock { state in
            state.jobs.append(job)
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if mustWake { wakeUp.signal() }
    }

    /// Ends the thread once nothing is left to run; nothing may be enqueued afterwards.
    func end() {
        let mustWake = state.withLock { state in
            state.isEnded = true
            defer { state.isAsleep = false }
            return state.isAsleep
        }
        if mustWake { wakeUp.signal() }
    }

    private func run() {
        let executor = unsafe asUnownedTaskExecutor()
        while let jobs = nextJobs() {
            for job in jobs { unsafe job.runSynchronously(on: executor) }
        }
    }

    /// What has gathered; waits while there is nothing.
    ///
    /// - Returns: nil at the end.
    private func nextJobs() -> Deque<UnownedJob>? {
        while true {
            var jobs: Deque<UnownedJob> = []
            let isOver = state.withLock { state in
                swap(&jobs, &state.jobs)
                guard jobs.isEmpty else { return false }
                state.isAsleep = !state.isEnded
                return state.isEnded
            }
            if isOver { return nil }
            if !jobs.isEmpty { return jobs }
            wakeUp.wait()
        }
    }
}
