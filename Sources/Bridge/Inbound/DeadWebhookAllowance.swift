import Synchronization

/// How many webhooks that were not understood may become dead letters, by number and by bytes.
///
/// Anybody can send such webhooks where nothing is verified, and who has the token or the secret can do so in any case;
/// `sms.dead` and the spool must not grow with them. Webhooks that passed a check have a share of their own, so that junk
/// takes nothing from them.
///
/// Pure: it reads no clock. Each share is full at the beginning and fills up evenly, to its size within an hour.
struct DeadWebhookAllowance {
    private static let hour: Duration = .seconds(3600)

    /// What is left of a share.
    private struct Share {
        let size: (letters: Double, bytes: Double)
        var left: (letters: Double, bytes: Double)

        init(letters: Double, bytes: Double) {
            size = (letters, bytes)
            left = (letters, bytes)
        }

        mutating func earn(_ part: Double) {
            left.letters = min(size.letters, left.letters + part * size.letters)
            left.bytes = min(size.bytes, left.bytes + part * size.bytes)
        }

        mutating func take(_ bytes: Double) -> Bool {
            guard left.letters >= 1, left.bytes >= bytes else { return false }
            left.letters -= 1
            left.bytes -= bytes
            return true
        }
    }

    /// Of webhooks that passed a check: 1,000 and 16 MiB an hour.
    private var checked = Share(letters: 1_000, bytes: 16 * 1_048_576)
    /// Of webhooks of which nothing was asked: 100 and 4 MiB an hour.
    private var unchecked = Share(letters: 100, bytes: 4 * 1_048_576)
    private var earned: ContinuousClock.Instant

    /// The whole allowance.
    ///
    /// - Parameter now: the time.
    init(now: ContinuousClock.Instant) {
        earned = now
    }

    /// Asks for one dead letter.
    ///
    /// - Parameters:
    ///   - bytes: of its body.
    ///   - isChecked: whether its webhook passed a check.
    ///   - now: the time.
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
    /// - Parameters:
    ///   - bytes: of its body.
    ///   - isChecked: whether its webhook passed a check.
    /// - Returns: whether it may be kept.
    func mayKeep(_ bytes: Int, isChecked: Bool) -> Bool {
        allowance.withLock { $0.take(bytes, isChecked: isChecked, now: .now) }
    }
}
