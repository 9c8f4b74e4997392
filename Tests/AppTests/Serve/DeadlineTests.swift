import Synchronization
import Testing

@testable import App

@Suite("A deadline", .timeLimit(.minutes(3)))
struct DeadlineTests {
    private struct Broken: Error {}

    @Test("hands on what comes in time, and what is thrown")
    func inTime() async throws {
        #expect(try await withDeadline(.seconds(30)) { 7 } == 7)
        await #expect(throws: Broken.self) { try await withDeadline(.seconds(30)) { throw Broken() } }
    }

    @Test("does not wait for a body that heeds no cancellation, as a disk that hangs does")
    func abandoned() async throws {
        let held = Mutex<CheckedContinuation<Void, Never>?>(nil)
        await #expect(throws: DeadlineExceeded.self) {
            try await withDeadline(.milliseconds(20)) {
                await withCheckedContinuation { continuation in held.withLock { $0 = continuation } }
            }
        }
        held.withLock { $0 }?.resume()
    }

    @Test("ends with the caller's cancellation")
    func cancelled() async {
        let task = Task {
            try await withDeadline(.seconds(30)) { try await ContinuousClock().sleep(for: .seconds(30)) }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
