import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// Ends the process at once when a second SIGTERM or SIGINT comes, as one who asks twice is in a hurry.
///
/// Nothing is lost by that: it is what a kill -9 does.
struct SecondSignal: Service {
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        await cancelWhenDone {
            var count = 0
            for await _ in signals {
                count += 1
                guard count > 1 else { continue }
                logger.warning("a second signal: ending at once")
                exit(1)
            }
        }
    }

    /// Runs until this service, the last to be stopped, is told to stop.
    private func cancelWhenDone(_ body: @escaping @Sendable () async -> Void) async {
        await cancelWhenGracefulShutdown { await body() }
    }
}
