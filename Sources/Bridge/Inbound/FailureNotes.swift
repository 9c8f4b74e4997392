package import Contracts
import CoreMetrics
package import Logging
package import SMSCore
import Synchronization

/// Notes that genuine webhooks failed; a note that the store does not take either is made later.
package final class FailureNotes: Sendable {
    private let log: any ListenerLog
    private let logger: Logger
    /// The last failure that is not noted.
    private let open = Mutex<Timestamp?>(nil)

    /// Notes in a log.
    package init(log: any ListenerLog, logger: Logger) {
        self.log = log
        self.logger = logger
    }

    /// Notes a failure, now or as soon as `retry` can.
    package func note(at moment: Timestamp) async {
        open.withLock { $0 = moment }
        await retry()
    }

    /// Notes what could not be noted before.
    package func retry() async {
        guard let moment = open.withLock({ $0 }) else { return }
        do {
            try await log.noteFailedWebhook(at: moment)
            open.withLock { if $0 == moment { $0 = nil } }
        } catch {
            logger.error("a failed webhook was not noted", metadata: [BridgeLogKey.error.rawValue: "\(error)"])
            BridgeMetrics.stepFailures("note failed webhook").increment()
        }
    }
}
