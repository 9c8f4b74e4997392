package import Contracts
package import CoreMetrics
import Metrics

/// What the bridge counts (CONTRACT 8); labels come from closed sets.
package enum BridgeMetrics {
    /// Commands that reached an outcome, by lane and outcome.
    package static func commands(_ lane: Lane, _ outcome: Outcome) -> Counter {
        Counter(
            label: "sms_bridge_commands_total",
            dimensions: [("lane", lane.rawValue), ("outcome", outcome.rawValue)]
        )
    }

    /// Requests at the provider, by what came of them.
    package static func attempts(_ result: String) -> Counter {
        Counter(label: "sms_bridge_send_attempts_total", dimensions: [("result", result)])
    }

    /// How long a request took.
    package static func sendDuration() -> Timer { Timer(label: "sms_bridge_send_duration_seconds") }

    /// How old a command was when it was sent.
    package static func commandAge() -> Timer { Timer(label: "sms_bridge_command_age_seconds") }

    /// Steps that failed and were tried again, by step.
    package static func stepFailures(_ step: String) -> Counter {
        Counter(label: "sms_bridge_step_failures_total", dimensions: [("step", step)])
    }
}
