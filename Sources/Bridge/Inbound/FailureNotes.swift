package import Contracts
import CoreMetrics
package import Logging
package import SMSCore
import Synchronization

/// Notes that genuine webhooks failed; where the store does not take a note, it is written later.
///
/// One note stands for a second (`Silence.failureGrain`), so that a flood of refused requests does not become a flood
/// of writes.
package final class FailureNotes: Sendable {
    private struct State {
        /// The last failure that is not noted yet.
        var open: Timestamp?
        /// The last one that is noted.
        var noted: Timestamp?
    }

    private let log: any ListenerLog
    private let logger: Logger
    private let state = Mutex(State())

    /// Notes in a log.
    package init(log: any ListenerLog, logger: Logger) {
        self.log = log
        self.logger = logger
    }

    /// Notes a failure, now or as soon as `retry` can.
    package func note(at moment: Timestamp) async {
        let isNews = state.withLock { state in
            if let noted = state.noted, moment >= noted, moment - noted < Silence.failureGrain { return false }
            defer { state.open = moment }
            // While one is being noted, or waits for the store, the next try notes this one too.
            guard let open = state.open, moment >= open else { return true }
            return moment - open >= Silence.failureGrain
        }
        if isNews { await retry() }
    }

    /// Notes what could not be noted before.
    package func retry() async {
        guard let moment = state.withLock({ $0.open }) else { return }
        do {
            try await log.noteFailedWebhook(at: moment)
            state.withLock { state in
                state.noted = moment
                if let open = state.open, open >= moment, open - moment < Silence.failureGrain { state.open = nil }
            }
        } catch {
            logger.error("a failed webhook was not noted", metadata: [BridgeLogKey.error.rawValue: "\(error)"])
            BridgeMetrics.stepFailures("note failed webhook").increment()
        }
    }
}
