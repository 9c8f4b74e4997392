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
    ///   - metadata: which command it is about; made for a log line alone.
    ///   - step: may be run many times.
    /// - Returns: what the step returned.
    /// - Throws: `CancellationError` when the task is cancelled between two tries; nothing else.
    package func untilDone<Value>(
        _ name: String,
        _ metadata: @autoclosure () -> Logger.Metadata = [:],
        _ step: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await step()
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return try await tryAgain(name, metadata(), after: error, step)
        }
    }

    /// The same for a step that has to be finished although the task is cancelled: its first try is made here, and the
    /// others in a task of their own, which does not inherit the cancellation.
    ///
    /// - Parameters:
    ///   - name: what the log calls the step.
    ///   - metadata: which command it is about; made for a log line alone.
    ///   - step: may be run many times; it does not end because the task is cancelled, as a write of the store does not.
    /// - Returns: what the step returned.
    /// - Throws: what `untilDone` throws; the task is not cancelled, so in practice nothing.
    package func untilDoneUncancelled<Value: Sendable>(
        _ name: String,
        _ metadata: @autoclosure () -> Logger.Metadata = [:],
        _ step: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        do {
            return try await step()
        } catch {
            let (retrier, metadata) = (self, metadata())
            return try await Task { try await retrier.tryAgain(name, metadata, after: error, step) }.value
        }
    }

    /// Goes on after a try that failed.
    private func tryAgain<Value>(
        _ name: String,
        _ metadata: Logger.Metadata,
        after error: any Error,
        _ step: () async throws -> Value
    ) async throws -> Value {
        var error = error
        var pause = firstPause
        var tries = 0
        while true {
            tries += 1
            var metadata = metadata
            metadata[BridgeLogKey.step.rawValue] = "\(name)"
            metadata[BridgeLogKey.tries.rawValue] = .stringConvertible(tries)
            metadata[BridgeLogKey.error.rawValue] = "\(error)"
            logger.error("a step failed and is tried again", metadata: metadata)
            BridgeMetrics.stepFailures(name).increment()
            try await clock.sleep(for: pause)
            pause = min(pause * 2, longestPause)
            do {
                return try await step()
            } catch is CancellationError {
                throw CancellationError()
            } catch let next {
                error = next
            }
        }
    }
}
