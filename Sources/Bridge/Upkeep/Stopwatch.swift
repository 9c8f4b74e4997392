/// The time that has passed since it was started, by a clock that does not follow jumps of the wall clock.
package struct Stopwatch: Sendable {
    /// How long it has been running.
    package let elapsed: @Sendable () -> Duration

    /// Starts it.
    package init<C: Clock>(_ clock: C) where C.Duration == Duration {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
    }

    /// Starts one by the system's monotonic clock.
    package init() {
        self.init(ContinuousClock())
    }
}
