import Contracts
import TestSupport
import Testing

@Suite("The clock that a test moves", .timeLimit(.minutes(3)))
struct ManualClockTests {
    @Test("wakes those whose time has come, and the others later")
    func wakes() async throws {
        let clock = ManualClock()
        async let short: Void = clock.sleep(for: .seconds(1))
        async let long: Void = clock.sleep(for: .seconds(2))
        await clock.waitForSleepers(2)
        clock.advance(by: .milliseconds(1500))
        try await short
        #expect(clock.timestamp == Samples.moment + .milliseconds(1500))
        clock.advance(by: .milliseconds(500))
        try await long
        // A time that has passed is not waited for.
        try await clock.sleep(until: clock.now, tolerance: nil)
    }

    @Test("lets a cancelled sleeper go")
    func cancellation() async throws {
        let clock = ManualClock()
        let sleeper = Task { try await clock.sleep(for: .seconds(1)) }
        await clock.waitForSleepers(1)
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
    }
}
