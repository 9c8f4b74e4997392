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

    /// How long a command waited for its slot.
    package static func rateLimitWait() -> Timer { Timer(label: "sms_bridge_rate_limit_wait_seconds") }

    /// Whether sending pauses for a cause: 1 or 0.
    package static func breakerOpen(_ cause: String) -> Gauge {
        Gauge(label: "sms_bridge_breaker_open", dimensions: [("cause", cause)])
    }

    /// Commands that wait in the broker.
    package static func retriesWaiting() -> Gauge { Gauge(label: "sms_bridge_retries_waiting") }

    /// Commands of which nobody knows whether they were sent.
    package static func uncertainOpen() -> Gauge { Gauge(label: "sms_bridge_uncertain_open") }

    /// Copies sent through a wait queue, by level.
    package static func waits(_ level: String) -> Counter {
        Counter(label: "sms_bridge_waits_total", dimensions: [("level", level)])
    }

    /// How old a command was when it was sent.
    package static func commandAge() -> Timer { Timer(label: "sms_bridge_command_age_seconds") }

    /// Receipts that were published, by status; unknown ones count as `other`.
    package static func receipts(_ status: String) -> Counter {
        let known = ["submitted", "delivered", "rejected", "undeliverable"]
        return Counter(
            label: "sms_bridge_receipts_total",
            dimensions: [("status", known.contains(status) ? status : "other")]
        )
    }

    /// Messages from handsets that were published.
    package static func inbound() -> Counter { Counter(label: "sms_bridge_inbound_total") }

    /// From acceptance to the final receipt.
    package static func deliveryDuration() -> Timer { Timer(label: "sms_bridge_delivery_duration_seconds") }

    /// Webhooks by kind and by what became of them.
    package static func webhooks(_ kind: String, _ result: String) -> Counter {
        Counter(label: "sms_bridge_webhooks_total", dimensions: [("kind", kind), ("result", result)])
    }

    /// How long a webhook took to its answer.
    package static func webhookDuration() -> Timer { Timer(label: "sms_bridge_webhook_duration_seconds") }

    /// Repeats of an id with another body.
    package static func reusedIDs() -> Counter { Counter(label: "sms_bridge_reused_ids_total") }

    /// Commands of which the provider took two messages; each is an error.
    package static func secondMessages() -> Counter { Counter(label: "sms_bridge_second_messages_total") }

    /// Steps that failed and were tried again, by step.
    package static func stepFailures(_ step: String) -> Counter {
        Counter(label: "sms_bridge_step_failures_total", dimensions: [("step", step)])
    }
}
