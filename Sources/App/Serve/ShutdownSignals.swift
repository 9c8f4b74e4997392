import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// What SIGTERM and SIGINT do: the first drains, a second ends the process at once, since a repeat means haste.
///
/// Nothing is lost by the second: it is what a kill -9 does. There is one of these for the process's life, and the
/// groups of services have no signals of their own: a second source of the same signal can lose it once the first is
/// given up.
final class ShutdownSignals: Sendable {
    private struct State {
        var count = 0
        /// Each is resumed once: by the first signal, or with its task's cancellation.
        var waiting: [UUID: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    /// A part of a group of services whose end, at the first signal, drains the group.
    var service: ServiceGroupConfiguration.ServiceConfiguration {
        .init(service: FirstSignal(signals: self), successTerminationBehavior: .gracefullyShutdownGroup)
    }

    /// Runs a body while signals are listened for.
    ///
    /// - Throws: what the body throws.
    func during(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        try await withThrowingTaskGroup(of: Bool.self) { tasks in
            tasks.addTask {
                for await _ in signals { self.take() }
                return false
            }
            tasks.addTask {
                try await body()
                return true
            }
            defer { tasks.cancelAll() }
            while let isDone = try await tasks.next(), !isDone {}
        }
    }

    /// Waits for the first signal, or for the task's cancellation.
    fileprivate func first() async {
        let id = UUID()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.count == 0, !Task.isCancelled else { return true }
                    state.waiting[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
        }
    }

    private func take() {
        let (count, waiting) = state.withLock { state in
            state.count += 1
            defer { state.waiting = [:] }
            return (state.count, state.waiting)
        }
        if count > 1 {
            logger.warning("a second signal: ending at once")
            exit(1)
        }
        for continuation in waiting.values { continuation.resume() }
    }
}

/// Ends with the first signal.
private struct FirstSignal: Service {
    let signals: ShutdownSignals

    func run() async throws { await cancelWhenGracefulShutdown { await signals.first() } }
}
