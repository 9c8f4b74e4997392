import CoreMetrics
package import Logging

/// Runs a step again and again, with back-off, until it succeeds: for what the store or the broker has to take.
package struct Retrier: Sendable {
    private let logger: Logger
    private let clock: any Clock<Duration>
    private let firstPause: Duration
    private let longestPause: Duration

    /// A retrier; its pauses double from the first (default 50 ms) to the longest (default 5 s).
    package init(
        logger: Logger,
        clock: any Clock<Duration> = ContinuousClock(),
        firstPause: Duration = .milliseconds(50),
        longestPause: Duration = .seconds(5)
    ) {
        self.logger = logger
        self.clock = clock
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// Runs a step until it succeeds.
    ///
    /// - Parameters:
    ///   - name: what the log calls the step.
    ///   - metadata: which command it is about.
    ///   - step: may be run many times.
    /// - Returns: what the step returned.
    /// - Throws: `CancellationError` when the task is cancelled between two tries; nothing else.
    package func untilDone<Value>(
        _ name: String,
        _ metadata: Logger.Metadata = [:],
        _ step: () async throws -> Value
    ) async throws -> Value {
        var pause = firstPause
        var tries = 0
        while true {
            do {
                return try await step()
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                tries += 1
                var metadata = metadata
                metadata[BridgeLogKey.step.rawValue] = "\(name)"
                metadata[BridgeLogKey.tries.rawValue] = .stringConvertible(tries)
                metadata[BridgeLogKey.error.rawValue] = "\(error)"
                logger.error("a step failed and is tried again", metadata: metadata)
                BridgeMetrics.stepFailures(name).increment()
            }
            try await clock.sleep(for: pause)
            pause = min(pause * 2, longestPause)
        }
    }

    /// The same for a step that has to be finished although the task is cancelled: it runs in a child of its own.
    ///
    /// - Throws: what `untilDone` throws; the child is not cancelled, so in practice nothing.
    package func untilDoneUncancelled<Value: Sendable>(
        _ name: String,
        _ metadata: Logger.Metadata = [:],
        _ step: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let retrier = self
        // A child task that is awaited here and does not inherit the cancellation.
        return try await Task { try await retrier.untilDone(name, metadata, step) }.value
    }
}
