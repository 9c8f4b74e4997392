extension Decision {
    /// The rules that come from configuration.
    package struct Policy: Hashable, Sendable {
        /// How long settled records are kept: `RECORD_RETENTION`.
        package var retention: Duration
        /// How long an uncertain command waits for a receipt: `UNCERTAIN_WAIT`.
        package var uncertainWait: Duration
        /// How often a command is sent, and when again: `RETRY_MAX_ATTEMPTS`, `RETRY_DELAYS`, `RETRY_MAX_AGE`.
        package var schedule: RetrySchedule
        /// Where messages may go: `ALLOWED_PREFIXES`, `DENIED_PREFIXES`.
        package var destinations: DestinationRules
        /// When bulk messages may be sent that have no window of their own: `SEND_WINDOWS`.
        package var windows: WindowRules

        /// Rules; the defaults are the contract's.
        package init(
            retention: Duration = .seconds(30 * 86_400),
            uncertainWait: Duration = .seconds(120),
            schedule: RetrySchedule = RetrySchedule(),
            destinations: DestinationRules = DestinationRules(),
            windows: WindowRules = WindowRules()
        ) {
            self.retention = retention
            self.uncertainWait = uncertainWait
            self.schedule = schedule
            self.destinations = destinations
            self.windows = windows
        }
    }
}
