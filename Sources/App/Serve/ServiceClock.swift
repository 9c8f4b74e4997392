import Bridge
package import Contracts
import SMSCore

/// Whether this machine's clock can be trusted: tokens are signed with it, and schedules and expiries are kept by it.
package struct ServiceClock: Sendable {
    /// How far it may be from the provider's; its tokens are refused when it is much further.
    static let tolerance: Duration = .seconds(60)
    /// Before this no version of this program was built.
    private static let earliest = Timestamp(milliseconds: 1_767_225_600_000)

    /// How much later it is at the provider's, by its last answer; nil before any.
    let providerOffset: @Sendable () -> Duration?

    /// The clock as a part of readiness.
    func health(now: Timestamp = .now) -> HealthReport.Dependency {
        let fault = Self.fault(now: now, providerOffset: providerOffset())
        return HealthReport.Dependency("clock", isHealthy: fault == nil, detail: fault)
    }

    /// What is known of the clock, for what is deleted by it.
    func trust(now: Timestamp = .now) -> ClockTrust {
        let offset = providerOffset()
        if Self.fault(now: now, providerOffset: offset) != nil { return .wrong }
        return offset == nil ? .unknown : .confirmed
    }

    /// What is wrong with the clock; nil when nothing is.
    package static func fault(now: Timestamp, providerOffset: Duration?) -> String? {
        if now < earliest { return "it is \(now.rfc3339) here, before this program was built" }
        guard let providerOffset else { return nil }
        let seconds = providerOffset.components.seconds
        if providerOffset > tolerance { return "it is \(seconds) s later at the provider's than here" }
        if providerOffset < .zero - tolerance { return "it is \(-seconds) s earlier at the provider's than here" }
        return nil
    }
}
