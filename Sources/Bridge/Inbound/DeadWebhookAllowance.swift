import Synchronization

/// How many webhooks that were not understood may become dead letters, by number and by bytes.
///
/// Where nothing is verified any client can send such webhooks, and one that has the token or the secret always can;
/// `sms.dead` and the spool must not grow with them. Webhooks that passed a check have a share of their own, so that
/// others take nothing from them.
///
/// Pure: it reads no clock. Each share is full at the beginning and fills up evenly, to its size within an hour.
struct DeadWebhookAllowance {
    private static let hour: Duration = .seconds(3600)

    /// What is left of a share.
    private struct Share {
        let size: (count: Double, bytes: Double)
        var left: (count: Double, bytes: Double)

        init(count: Double, bytes: Double) {
            size = (count, bytes)
            left = (count, bytes)
        }

        mutating func earn(_ part: Double) {
            left.count = min(size.count, left.count + part * size.count)
            left.bytes = min(size.bytes, left.bytes + part * size.bytes)
        }

        mutating func take(_ bytes: Double) -> Bool {
            guard left.count >= 1, left.bytes >= bytes else { return false }
            left.count -= 1
            left.bytes -= bytes
            return true
        }
    }

    /// Of webhooks that passed a check: 1,000 and 16 MiB an hour.
    private var checked = Share(count: 1_000, bytes: 16 * 1_048_576)
    /// Of webhooks that passed no check: 100 and 4 MiB an hour.
    private var unchecked = Share(count: 100, bytes: 4 * 1_048_576)
    private var earned: ContinuousClock.Instant

    /// The whole allowance.
    ///
    /// - Parameter now: the time.
    init(now: ContinuousClock.Instant) {
        earned = now
    }

    /// Asks for one dead letter.
    ///
    /// - Returns: whether it may be kept.
    mutating func take(_ bytes: Int, isChecked: Bool, now: ContinuousClock.Instant) -> Bool {
        let part = max(0, (now - earned) / Self.hour)
        earned = max(earned, now)
        checked.earn(part)
        unchecked.earn(part)
        return isChecked ? checked.take(Double(bytes)) : unchecked.take(Double(bytes))
    }
}

/// The allowance of one process.
final class DeadWebhooks: Sendable {
    private let allowance = Mutex(DeadWebhookAllowance(now: .now))

    /// Asks for one dead letter.
    ///
    /// - Returns: whether it may be kept.
    func mayKeep(_ bytes: Int, isChecked: Bool) -> Bool {
        allowance.withLock { $0.take(bytes, isChecked: isChecked, now: .now) }
    }
}
