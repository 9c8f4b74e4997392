import TestSupport
import Testing

@testable import Bridge

@Suite("Steps that are tried until they succeed", .timeLimit(.minutes(3)))
struct RetrierTests {
    private struct Failure: Error {}

    private let clock = ImmediateClock()
    private let tries = DeliveryLog()

    private var retrier: Retrier { Retrier(logger: .quiet, clock: clock) }

    /// Fails so often, then returns how often it was tried.
    private func step(failures: Int) throws -> Int {
        tries.note("")
        guard tries.all.count > failures else { throw Failure() }
        return tries.all.count
    }

    @Test("a step that succeeds at once waits for nothing")
    func atOnce() async throws {
        let count = try await retrier.untilDone("test") { try step(failures: 0) }
        #expect(count == 1)
        #expect(clock.slept.isEmpty)
    }

    @Test("the pauses double from 50 ms up to 5 s")
    func pauses() async throws {
        let count = try await retrier.untilDone("test") { try step(failures: 9) }
        #expect(count == 10)
        let expected = [50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000].map { Duration.milliseconds($0) }
        #expect(clock.slept == expected)
    }

    @Test("a cancelled task ends between two tries, and the step's own cancellation at once")
    func cancelled() async throws {
        let retrier = retrier
        let fails: @Sendable () throws -> Void = { throw Failure() }
        let task = Task { try await retrier.untilDone("test", [:], fails) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let slept = clock.slept.count
        let isCancelled: @Sendable () throws -> Void = { throw CancellationError() }
        await #expect(throws: CancellationError.self) { try await retrier.untilDone("test", [:], isCancelled) }
        #expect(clock.slept.count == slept)
    }

    @Test("what has to be finished is finished although the task is cancelled")
    func uncancelled() async throws {
        let (retrier, test) = (retrier, self)
        let task = Task { try await retrier.untilDoneUncancelled("test") { try test.step(failures: 3) } }
        task.cancel()
        let count = try await task.value
        #expect(count == 4)
    }
}
