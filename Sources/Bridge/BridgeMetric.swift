import Contracts
import SMSCore

/// The table of everything that is measured (docs/operations.md): names, kinds, labels and help texts.
///
/// `/metrics` shows it; tests compare the dashboards, the alerts and docs/operations.md with it.
package enum BridgeMetric: String, Hashable, Sendable, CaseIterable {
    case commandsReceived = "commands_received_total"
    case commands = "commands_total"
    case commandsOpen = "commands_open"
    case oversizedBodies = "oversized_bodies_total"
    case sendAttempts = "send_attempts_total"
    case sendDuration = "send_duration_seconds"
    case commandAge = "command_age_seconds"
    case rateLimitWait = "rate_limit_wait_seconds"
    case waits = "waits_total"
    case retriesWaiting = "retries_waiting"
    case uncertainOpen = "uncertain_open"
    case breakerOpen = "breaker_open"
    case reusedIDs = "reused_ids_total"
    case secondMessages = "second_messages_total"
    case receipts = "receipts_total"
    case receiptErrors = "receipt_errors_total"
    case receiptsOverdue = "receipts_overdue_total"
    case overdueOpen = "receipts_overdue"
    case endsByCountry = "final_receipts_by_country_total"
    case endsBySender = "final_receipts_by_sender_total"
    case usageByCountry = "usage_by_country_total"
    case usageBySender = "usage_by_sender_total"
    case usageByCampaign = "usage_by_campaign_total"
    case reportRequests = "report_requests_total"
    case deliveryDuration = "delivery_duration_seconds"
    case inbound = "inbound_total"
    case webhooks = "webhooks_total"
    case webhookDuration = "webhook_duration_seconds"
    case optOuts = "opt_outs_total"
    case wrongAPIKeys = "wrong_api_keys_total"
    case queueMessages = "queue_messages"
    case deadLetters = "dead_letters"
    case amqpConnected = "amqp_connected"
    case amqpBlocked = "amqp_blocked_seconds_total"
    case spoolEvents = "spool_events"
    case storeDuration = "store_duration_seconds"
    case replicas = "replicas"
    case leasesHeld = "leases_held"
    case rateSlots = "rate_slots_total"
    case replicationLag = "replication_lag_seconds"
    case stepFailures = "step_failures_total"
    case ready = "ready"
    case oldestCommand = "oldest_command_seconds"
    case campaignIdle = "campaign_idle_seconds"
    case webhooksAreVerified = "webhooks_are_verified"
    case diskFree = "disk_free_bytes"
    case diskSize = "disk_size_bytes"
    case spans = "spans_total"
    case buildInfo = "build_info"

    /// What kind of metric it is.
    package enum Kind: String, Hashable, Sendable {
        case counter
        case gauge
        case histogram
    }

    /// A label and the values that it can have.
    package struct Label: Hashable, Sendable {
        package let name: String
        /// All of them, where they are known when the service is built; each is shown from the start.
        package let values: [String]
    }

    /// The name as Prometheus shows it.
    package var name: String { "sms_bridge_" + rawValue }

    /// What kind of metric it is.
    package var kind: Kind {
        switch self {
        case .commandsReceived, .commands, .oversizedBodies, .sendAttempts, .waits, .reusedIDs, .secondMessages,
            .receipts, .inbound, .webhooks, .optOuts, .wrongAPIKeys, .amqpBlocked, .stepFailures, .receiptErrors,
            .receiptsOverdue, .endsByCountry, .endsBySender, .usageByCountry, .usageBySender, .usageByCampaign,
            .reportRequests, .spans, .rateSlots:
            .counter
        case .commandsOpen, .overdueOpen, .retriesWaiting, .uncertainOpen, .breakerOpen, .queueMessages, .deadLetters,
            .amqpConnected, .spoolEvents, .ready, .buildInfo, .oldestCommand, .campaignIdle, .webhooksAreVerified,
            .diskFree, .diskSize, .replicas, .leasesHeld, .replicationLag:
            .gauge
        case .sendDuration, .commandAge, .rateLimitWait, .deliveryDuration, .webhookDuration, .storeDuration:
            .histogram
        }
    }

    /// Its labels; every value comes from a closed set.
    package var labels: [Label] {
        switch self {
        case .commandsReceived: [Label("lane", Lane.allCases.map(\.rawValue))]
        case .commands:
            [Label("lane", Lane.allCases.map(\.rawValue)), Label("outcome", Outcome.allCases.map(\.rawValue))]
        case .commandsOpen: [Label("state", ["in_hand", "pending", "sending", "uncertain", "untold"])]
        case .sendAttempts: [Label("result", SubmitOutcome.labels)]
        case .waits: [Label("level", WaitLevel.allCases.map(\.name))]
        case .breakerOpen: [Label("cause", Breaker.Cause.allCases.map(\.rawValue))]
        case .receipts: [Label("status", BridgeMetrics.receiptStatuses + ["other"])]
        case .receiptErrors: [Label("class", ErrorClass.allCases.map(\.rawValue))]
        case .endsByCountry: [Label("status", BridgeMetrics.finalStatuses), Label("country", [])]
        case .endsBySender: [Label("status", BridgeMetrics.finalStatuses), Label("sender", [])]
        case .usageByCountry: [Label("currency", []), Label("country", [])]
        case .usageBySender: [Label("currency", []), Label("sender", [])]
        case .usageByCampaign: [Label("currency", []), Label("campaign", [])]
        case .reportRequests: [Label("result", ReportsAnswer.labels)]
        case .webhooks:
            [Label("kind", WebhookKind.allCases.map(\.rawValue)), Label("result", HandledWebhook.labels)]
        case .optOuts: [Label("change", ["opt-out", "opt-in"])]
        case .wrongAPIKeys: [Label("result", ["refused", "slowed"])]
        case .oldestCommand: [Label("lane", Lane.allCases.map(\.rawValue))]
        case .spans: [Label("result", ["exported", "dropped", "failed"])]
        case .amqpConnected: [Label("connection", ["consume", "publish"])]
        case .storeDuration: [Label("operation", ["read", "write"])]
        case .rateSlots: [Label("result", ["used", "late", "none"])]
        case .queueMessages: [Label("queue", []), Label("state", ["ready", "unacked"])]
        case .stepFailures: [Label("step", [])]
        case .ready: [Label("dependency", [])]
        case .buildInfo: [Label("version", [])]
        case .sendDuration, .commandAge, .rateLimitWait, .retriesWaiting, .uncertainOpen, .reusedIDs, .secondMessages,
            .receiptsOverdue, .overdueOpen,
            .deliveryDuration, .inbound, .webhookDuration, .deadLetters, .amqpBlocked, .spoolEvents, .oversizedBodies,
            .campaignIdle, .webhooksAreVerified, .diskFree, .diskSize, .replicas, .leasesHeld, .replicationLag:
            []
        }
    }

    /// One line for people.
    package var help: String {
        switch self {
        case .commandsReceived: "Commands seen for the first time; repeats count nothing."
        case .commands: "Outcomes published. `uncertain` is published in between; every other one is final."
        case .commandsOpen: "Commands whose outcome is unpublished: seen only, in the ledger by state, and settled."
        case .oversizedBodies: "Messages whose body is too large to be read; they are dead-lettered unchanged."
        case .sendAttempts: "Requests at the provider, by result."
        case .sendDuration: "How long one request at the provider took."
        case .commandAge: "Time from the first sight of a command to its first request."
        case .rateLimitWait: "How long a command waited in the process for its turn to be sent."
        case .waits: "Commands put into a wait queue of the broker, by the length of the wait."
        case .retriesWaiting: "Open commands that wait in a wait queue, or waited in one before."
        case .uncertainOpen: "Commands of which it is not known yet whether they were sent."
        case .breakerOpen: "1 while sending pauses: because of the account, or because the provider fails."
        case .reusedIDs: "Ids that came again with another body; nothing was sent for them."
        case .secondMessages: "Commands of which the provider took two messages; each is an error."
        case .receipts: "Delivery receipts published."
        case .receiptErrors: "Receipts with an error, by what to do about it (docs/errors.md)."
        case .receiptsOverdue: "Accepted messages whose final receipt did not come within RECEIPT_OVERDUE."
        case .overdueOpen: "Messages that are overdue now."
        case .endsByCountry: "Messages by their first final receipt and the recipient's calling code."
        case .endsBySender: "Messages by their first final receipt and our sender; the first 50 senders, then `other`."
        case .usageByCountry: "What ended messages have cost, by the recipient's calling code."
        case .usageBySender: "What ended messages have cost, by our sender; the first 50, then `other`."
        case .usageByCampaign: "What ended messages have cost, by campaign; the first 50, then `other`, and `none`."
        case .reportRequests: "Requests at Vonage's Reports API, by result."
        case .deliveryDuration: "Time from the provider's acceptance to the final receipt."
        case .inbound: "Messages from handsets published."
        case .webhooks: "Webhooks by result."
        case .webhookDuration: "How long a webhook waited for its answer."
        case .optOuts: "Changes of the suppression list."
        case .wrongAPIKeys: "Wrong API keys, and requests refused unread because their address had sent too many."
        case .queueMessages: "Messages in a queue: ready, and delivered to this process and not acked (unacked)."
        case .deadLetters: "Commands, webhooks and events in the dead letter queue."
        case .amqpConnected: "1 while the connection to the broker is up."
        case .amqpBlocked: "Time during which the broker took no publishes (memory or disk alarm)."
        case .spoolEvents: "Events on disk that the broker has not taken yet."
        case .storeDuration: "How long the store took, the wait for its turn included."
        case .replicas: "Processes over this database that have given a sign of life lately, this one included."
        case .leasesHeld: "Attempts at sending that belong to this process by the database."
        case .rateSlots: "Slots of the rate that the replicas share: used, too late for one, and none near."
        case .replicationLag: "How far the slowest standby of the database is behind; absent where none can be seen."
        case .stepFailures: "Steps that failed and were tried again."
        case .ready: "1 for each part of /health/ready that is healthy."
        case .oldestCommand: "Since when the oldest command of a lane has been under way in this process."
        case .campaignIdle: "How long the running campaign that has stood still longest has had no new outcome."
        case .webhooksAreVerified: "1 where a signature, a token or an address verifies webhooks."
        case .diskFree: "Room that is left on the file system of the store."
        case .diskSize: "Size of the file system of the store."
        case .spans: "Spans for the OpenTelemetry collector, by result."
        case .buildInfo: "Always 1; the version is in the label."
        }
    }

    /// A histogram's upper bounds in seconds; nil for what suits a request over the network (5 ms to 10 s).
    package var buckets: [Double]? {
        switch self {
        case .commandAge, .deliveryDuration:
            [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400]
        case .storeDuration: [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5]
        default: nil
        }
    }

    /// Every combination of label values that is known beforehand; one empty combination for a metric without labels.
    package var knownDimensions: [[(String, String)]] {
        labels.reduce([[]]) { combinations, label in
            combinations.flatMap { combination in label.values.map { combination + [(label.name, $0)] } }
        }
    }
}

extension BridgeMetric.Label {
    init(_ name: String, _ values: [String]) {
        self.init(name: name, values: values)
    }
}
