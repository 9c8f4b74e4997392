import Contracts
import SMSCore
import Synchronization

/// A reader that finds in each webhook what the test has set.
final class ScriptedReader: WebhookReader {
    private let readings = Mutex<[WebhookReading]>([])

    /// A webhook that will be read so.
    func webhook(saying reading: WebhookReading, _ kind: WebhookKind) -> UnverifiedWebhook {
        let number = readings.withLock { readings in
            readings.append(reading)
            return readings.count - 1
        }
        return UnverifiedWebhook(kind, method: "POST", path: "/webhooks/\(kind.rawValue)", query: "\(number)")
    }

    func read(_ webhook: UnverifiedWebhook, now: Timestamp) -> WebhookReading {
        readings.withLock { readings in
            guard let number = Int(webhook.query), readings.indices.contains(number) else {
                return .refused(RefusedWebhook(.signatureMalformed, isProven: true))
            }
            return readings[number]
        }
    }
}
