package import Contracts
package import CoreMetrics
import Metrics

/// The meters of ``BridgeMetric``, with their labels typed.
package enum BridgeMetrics {
    static let receiptStatuses = ["submitted", "delivered", "rejected", "undeliverable"]

    static let finalStatuses = StatusEvent.finalStatuses.sorted()

    /// Shows every counter and histogram of the table with 0, so that the first one counts as an increase.
    package static func showAll() {
        for metric in BridgeMetric.allCases {
            for dimensions in metric.knownDimensions {
                switch metric.kind {
                case .counter: counter(metric, dimensions).increment(by: 0)
                case .histogram: _ = timer(metric, dimensions)
                case .gauge: break
                }
            }
        }
    }

    /// Commands seen for the first time.
    package static func received(_ lane: Lane) -> Counter {
        counter(.commandsReceived, [("lane", lane.rawValue)])
    }

    /// Commands that reached an outcome, by lane and outcome.
    package static func commands(_ lane: Lane, _ outcome: Outcome) -> Counter {
        counter(.commands, [("lane", lane.rawValue), ("outcome", outcome.rawValue)])
    }

    /// Commands whose outcome is unpublished, by state.
    package static func open(_ state: String) -> Gauge { gauge(.commandsOpen, [("state", state)]) }

    /// Messages that were dead-lettered unread because of their size.
    package static func oversizedBodies() -> Counter { counter(.oversizedBodies) }

    /// Requests at the provider, by result.
    package static func attempts(_ result: String) -> Counter { counter(.sendAttempts, [("result", result)]) }

    /// How long a request took.
    package static func sendDuration() -> Timer { timer(.sendDuration) }

    /// How long a command waited for its slot.
    package static func rateLimitWait() -> Timer { timer(.rateLimitWait) }

    /// Whether sending pauses for a cause: 1 or 0.
    package static func breakerOpen(_ cause: String) -> Gauge { gauge(.breakerOpen, [("cause", cause)]) }

    /// Commands that wait in the broker.
    package static func retriesWaiting() -> Gauge { gauge(.retriesWaiting) }

    /// Commands of which it is not known whether they were sent.
    package static func uncertainOpen() -> Gauge { gauge(.uncertainOpen) }

    /// Copies sent through a wait queue, by level.
    package static func waits(_ level: String) -> Counter { counter(.waits, [("level", level)]) }

    /// How old a command was when it was sent.
    package static func commandAge() -> Timer { timer(.commandAge) }

    /// Receipts that were published, by status; unknown ones count as `other`.
    package static func receipts(_ status: String) -> Counter {
        counter(.receipts, [("status", receiptStatuses.contains(status) ? status : "other")])
    }

    /// Receipts with an error, by what to do about it.
    package static func receiptErrors(_ errorClass: ErrorClass) -> Counter {
        counter(.receiptErrors, [("class", errorClass.rawValue)])
    }

    /// Messages published as overdue.
    package static func receiptsOverdue() -> Counter { counter(.receiptsOverdue) }

    /// Messages that are overdue now.
    package static func overdueOpen() -> Gauge { gauge(.overdueOpen) }

    /// Messages that ended, by the recipient's calling code.
    static func ends(_ status: String, country: String) -> Counter {
        counter(.endsByCountry, [("status", status), ("country", country)])
    }

    /// Messages that ended, by our sender.
    static func ends(_ status: String, sender: String) -> Counter {
        counter(.endsBySender, [("status", status), ("sender", sender)])
    }

    /// Requests at the provider's reports, by result.
    package static func reportRequests(_ result: String) -> Counter { counter(.reportRequests, [("result", result)]) }

    /// Messages from handsets that were published.
    package static func inbound() -> Counter { counter(.inbound) }

    /// From acceptance to the final receipt.
    package static func deliveryDuration() -> Timer { timer(.deliveryDuration) }

    /// Webhooks by kind and by result.
    package static func webhooks(_ kind: String, _ result: String) -> Counter {
        counter(.webhooks, [("kind", kind), ("result", result)])
    }

    /// Counts a wrong API key (`refused`), or a request of an address that had sent too many of them (`slowed`).
    package static func countWrongAPIKey(_ result: String) { counter(.wrongAPIKeys, [("result", result)]).increment() }

    /// How long a webhook waited for its answer.
    package static func webhookDuration() -> Timer { timer(.webhookDuration) }

    /// Changes of the suppression list: `opt-out` or `opt-in`.
    package static func optOuts(_ change: String) -> Counter { counter(.optOuts, [("change", change)]) }

    /// Repeats of an id with another body.
    package static func reusedIDs() -> Counter { counter(.reusedIDs) }

    /// Commands of which the provider took two messages; each is an error.
    package static func secondMessages() -> Counter { counter(.secondMessages) }

    /// Processes over one database.
    static func replicas() -> Gauge { gauge(.replicas) }

    /// Attempts that belong to this process.
    static func leasesHeld() -> Gauge { gauge(.leasesHeld) }

    /// Slots of the shared rate, by what became of them: `used`, `late` or `none`.
    static func rateSlots(_ result: String) -> Counter { counter(.rateSlots, [("result", result)]) }

    /// How far the slowest standby of the database is behind.
    static func replicationLag() -> Gauge { gauge(.replicationLag) }

    /// Steps that failed and were tried again, by step.
    package static func stepFailures(_ step: String) -> Counter { counter(.stepFailures, [("step", step)]) }

    /// Messages in a queue, `ready` or `unacked`.
    package static func queueMessages(_ queue: String, _ state: String) -> Gauge {
        gauge(.queueMessages, [("queue", queue), ("state", state)])
    }

    /// Messages among the dead letters.
    package static func deadLetters() -> Gauge { gauge(.deadLetters) }

    /// Whether a connection is up: 1 or 0.
    package static func amqpConnected(_ connection: String) -> Gauge {
        gauge(.amqpConnected, [("connection", connection)])
    }

    /// Time during which the broker took no publishes.
    package static func amqpBlocked() -> FloatingPointCounter {
        FloatingPointCounter(label: BridgeMetric.amqpBlocked.name)
    }

    /// Events on disk.
    package static func spoolEvents() -> Gauge { gauge(.spoolEvents) }

    /// How long the store took, `read` or `write`.
    package static func storeDuration(_ operation: String) -> Timer {
        timer(.storeDuration, [("operation", operation)])
    }

    /// Whether a part of readiness is healthy: 1 or 0.
    package static func ready(_ dependency: String) -> Gauge { gauge(.ready, [("dependency", dependency)]) }

    /// How old the oldest command under way is, in seconds.
    package static func oldestCommand(_ lane: Lane) -> Gauge { gauge(.oldestCommand, [("lane", lane.rawValue)]) }

    /// How long a running campaign has stood still, in seconds.
    package static func campaignIdle() -> Gauge { gauge(.campaignIdle) }

    /// Whether anything verifies webhooks: 1 or 0.
    package static func webhooksAreVerified() -> Gauge { gauge(.webhooksAreVerified) }

    /// Room on the store's file system, in bytes.
    package static func diskFree() -> Gauge { gauge(.diskFree) }

    /// Size of the store's file system, in bytes.
    package static func diskSize() -> Gauge { gauge(.diskSize) }

    /// Spans, by what became of them.
    package static func spans(_ result: String) -> Counter { counter(.spans, [("result", result)]) }

    /// The version that runs.
    package static func buildInfo(_ version: String) -> Gauge { gauge(.buildInfo, [("version", version)]) }

    // Every message counts a dozen times, and a look-up of a meter costs more than a count: those with a closed set
    // of labels are looked up once.
    private static let counters: [BridgeMetric: [[String]: Counter]] = known(.counter) {
        Counter(label: $0, dimensions: $1)
    }
    private static let timers: [BridgeMetric: [[String]: Timer]] = known(.histogram) {
        Timer(label: $0, dimensions: $1)
    }

    private static func known<Meter>(
        _ kind: BridgeMetric.Kind,
        _ make: (String, [(String, String)]) -> Meter
    ) -> [BridgeMetric: [[String]: Meter]] {
        var meters: [BridgeMetric: [[String]: Meter]] = [:]
        for metric in BridgeMetric.allCases where metric.kind == kind && metric != .amqpBlocked {
            for dimensions in metric.knownDimensions {
                meters[metric, default: [:]][dimensions.map(\.1)] = make(metric.name, dimensions)
            }
        }
        return meters
    }

    private static func counter(_ metric: BridgeMetric, _ dimensions: [(String, String)] = []) -> Counter {
        counters[metric]?[dimensions.map(\.1)] ?? Counter(label: metric.name, dimensions: dimensions)
    }

    private static func gauge(_ metric: BridgeMetric, _ dimensions: [(String, String)] = []) -> Gauge {
        Gauge(label: metric.name, dimensions: dimensions)
    }

    private static func timer(_ metric: BridgeMetric, _ dimensions: [(String, String)] = []) -> Timer {
        timers[metric]?[dimensions.map(\.1)] ?? Timer(label: metric.name, dimensions: dimensions)
    }
}
