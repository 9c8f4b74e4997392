import Contracts
import Logging
import SMSCore

/// Asks the provider for the time at a start at which this machine's clock is in doubt.
///
/// The store keeps how far the time had come in the last run. Where that is long ago, or lies ahead, either the service was
/// down for so long or the clock is wrong, which would make old what is not.
struct ClockCheck {
    /// A service that was down for less is not asked about.
    private static let longestGap: Duration = .seconds(3_600)
    /// How often the provider is asked while it gives no answer, half a second apart.
    private static let tries = 20

    let store: any SweepLog
    /// Asks the provider, and says how much later it is there; nil when it gave no answer.
    let ask: @Sendable () async -> Duration?
    let logger: Logger

    /// Returns once the time is known, or cannot be known now.
    ///
    /// - Throws: what the store throws; `CancellationError`.
    func run() async throws {
        guard let last = try await store.sweepMoment() else { return }
        let now = Timestamp.now
        if now > last - WallClock.tolerance, now < last + Self.longestGap { return }
        logger.notice(
            "the clock is far from where it was when the service ran last; the provider is asked for the time",
            metadata: ["last": "\(last.rfc3339)", "now": "\(now.rfc3339)"]
        )
        for _ in 0..<Self.tries {
            if await ask() != nil { return }
            try await ContinuousClock().sleep(for: .milliseconds(500))
        }
        logger.warning("the provider did not say what time it is; the clock of this machine is believed")
    }
}
