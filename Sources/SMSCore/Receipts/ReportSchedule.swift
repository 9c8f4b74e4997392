package import Contracts

/// When the provider is asked about what came to no end.
package enum ReportSchedule {
    /// The waits after each answer that knew no end; after the last the provider is not asked any more.
    package static let waits: [Duration] = [.seconds(3_600), .seconds(6 * 3_600), .seconds(24 * 3_600)]

    /// Between two requests, so that there are five a second at most.
    package static let pace: Duration = .milliseconds(200)

    /// After an account without access: someone has to give it that first.
    package static let noAccessPause: Duration = .seconds(3_600)

    /// The pauses after failures in a row: 1 s, doubled up to 5 min.
    package static func pause(afterFailures count: Int) -> Duration {
        min(.seconds(1 << min(max(count - 1, 0), 9)), .seconds(300))
    }

    /// When to ask again.
    ///
    /// - Parameters:
    ///   - asks: how often the provider has been asked, this time included.
    ///   - now: the moment of the answer.
    /// - Returns: nil when it is not asked any more.
    package static func next(afterAsks asks: Int, now: Timestamp) -> Timestamp? {
        waits.indices.contains(asks - 1) ? now + waits[asks - 1] : nil
    }

    /// How often an uncertain command may have been searched for by now: once after a quarter of its wait, and once after
    /// three quarters.
    package static func searches(since doubt: Timestamp, wait: Duration, now: Timestamp) -> Int {
        let age = now - doubt
        return (age >= wait / 4 ? 1 : 0) + (age >= wait * 3 / 4 ? 1 : 0)
    }

    /// The day that a moment belongs to, in UTC, counted from 1970: budgets are by day.
    package static func day(of moment: Timestamp) -> Int64 { moment.milliseconds / 86_400_000 }
}
