package import Contracts
package import SMSCore

/// How the service is and what flows, for `GET /overview` (docs/openapi.yaml).
package struct Overview: Hashable, Sendable, Encodable {
    /// A lane inside this process: what waits for a slot, and what is being sent.
    package struct LaneFigures: Hashable, Sendable, Encodable {
        package let lane: String
        package let waiting: Int
        package let inFlight: Int

        private enum CodingKeys: String, CodingKey {
            case lane, waiting
            case inFlight = "in_flight"
        }
    }

    /// A queue at the broker.
    package struct QueueFigures: Hashable, Sendable, Encodable {
        package let name: String
        package let ready: Int
        /// Taken by this process and not settled; nil for a queue that it does not consume.
        package let unacked: Int?

        /// Figures of a queue.
        package init(name: String, ready: Int, unacked: Int?) {
            self.name = name
            self.ready = ready
            self.unacked = unacked
        }

        private enum CodingKeys: CodingKey {
            case name, ready, unacked
        }
    }

    /// Why all sending pauses.
    package struct BreakerState: Hashable, Sendable, Encodable {
        package let cause: String
        package let detail: String
        package let since: String
        /// When it is tried again; nil while it is being tried.
        package let nextProbe: String?

        private enum CodingKeys: String, CodingKey {
            case cause, detail, since
            case nextProbe = "next_probe"
        }
    }

    /// How many commands are open; nil figures where the store does not answer.
    package struct OpenFigures: Hashable, Sendable, Encodable {
        package let pending: Int
        package let sending: Int
        package let uncertain: Int
        package let waiting: Int
        package let unpublished: Int

        /// The figures of the ledger.
        package init(_ counts: OpenCounts) {
            pending = counts.pending
            sending = counts.sending
            uncertain = counts.uncertain
            waiting = counts.waiting
            unpublished = counts.unpublished
        }

        private enum CodingKeys: CodingKey {
            case pending, sending, uncertain, waiting, unpublished
        }
    }

    package var time: String
    package var version: String
    package var startedAt: String
    package var health: HealthReport
    package var lanes: [LaneFigures]
    /// Requests or segments a second in force now; nil when unlimited.
    package var unitsPerSecond: Double?
    /// Until when a 429 of the provider stops all sending.
    package var heldUntil: String?
    /// Nil when it is closed.
    package var breaker: BreakerState?
    /// Nil when the broker does not answer.
    package var queues: [QueueFigures]?
    package var open: OpenFigures?
    /// Accepted messages without a final receipt within `RECEIPT_OVERDUE`; nil where the store does not answer.
    package var overdue: Int?
    /// Events in the spool, or about to be.
    package var spooled: Int
    /// Some of those in doubt, and some of those that wait.
    package var uncertain: [MessageView]
    package var waiting: [MessageView]
    package var flow: FlowMinutes
    /// What messages have cost since the start, by currency.
    package let usage: [UsageFigures]

    /// An overview of what this process knows by itself; the others' figures are added.
    package init(
        version: String,
        startedAt: Timestamp,
        now: Timestamp,
        health: HealthReport,
        gate: GateSnapshot,
        spooled: Int,
        flow: FlowMinutes,
        usage: UsageSums
    ) {
        time = now.rfc3339
        self.version = version
        self.startedAt = startedAt.rfc3339
        self.health = health
        lanes = Lane.allCases.map { lane in
            LaneFigures(lane: lane.rawValue, waiting: gate.waiting[lane] ?? 0, inFlight: gate.inFlight[lane] ?? 0)
        }
        unitsPerSecond = gate.unitsPerSecond
        heldUntil = gate.heldUntil?.rfc3339
        breaker = gate.pause.map { pause in
            BreakerState(
                cause: pause.cause.rawValue,
                detail: pause.detail,
                since: pause.since.rfc3339,
                nextProbe: pause.nextProbe?.rfc3339
            )
        }
        self.spooled = spooled
        uncertain = []
        waiting = []
        self.flow = flow
        self.usage = UsageFigures.all(of: usage)
    }

    private enum CodingKeys: String, CodingKey {
        case time, version, health, lanes, breaker, queues, open, overdue, spooled, uncertain, waiting, flow, usage
        case startedAt = "started_at"
        case unitsPerSecond = "units_per_second"
        case heldUntil = "held_until"
    }
}
