package import Bridge
package import Contracts
package import SMSCore
package import Telemetry

/// Makes spans of what the flows report.
///
/// A command's ids follow from its own id, or from its `traceparent`, so that its parts find together without anything
/// being carried along: after hours in a wait queue, after a restart, and when its receipt comes.
package struct ServiceTraces: TraceSink {
    private let queue: SpanQueue
    private let prefix: String
    private let now: @Sendable () -> Timestamp

    /// Spans for a queue; the prefix is that of the broker's names.
    package init(_ queue: SpanQueue, prefix: String, now: @escaping @Sendable () -> Timestamp = { .now }) {
        self.queue = queue
        self.prefix = prefix
        self.now = now
    }

    package func attempted(_ record: MessageRecord, _ outcome: SubmitOutcome, took duration: Duration) {
        let command = Self.command(record)
        guard command.isSampled, case .sending(let attempt) = record.state else { return }
        let end = now()
        let number = attempt.number
        var span = TraceSpan(
            "send sms",
            .client,
            command.span("attempt \(number)"),
            parentID: command.spanID,
            from: end - duration,
            to: end
        )
        span.attributes = [
            "messaging.message.id": .string(record.id.text), "sms.attempt": .integer(Int64(number)),
            "sms.result": .string(outcome.label),
        ]
        switch outcome {
        case .accepted(let uuid): span.attributes["vonage.message_uuid"] = .string(uuid)
        case .throttled: span.failure = outcome.label
        case .refused(let problem), .accountTrouble(let problem):
            span.attributes["http.response.status_code"] = problem.status.map { .integer(Int64($0)) }
            span.failure = outcome.label
        case .unavailable(let reason, let problem), .uncertain(let reason, let problem):
            span.attributes["http.response.status_code"] = problem?.status.map { .integer(Int64($0)) }
            span.failure = reason
        }
        queue.add(span)
    }

    package func ended(_ record: MessageRecord) {
        let command = Self.command(record)
        guard command.isSampled, let settlement = record.settlement else { return }
        var span = TraceSpan(
            "process \(prefix).\(record.lane.routingKey)",
            .consumer,
            command,
            parentID: Self.parent(record)?.spanID,
            from: record.createdAt,
            to: now()
        )
        span.attributes = [
            "messaging.system": .string("rabbitmq"), "messaging.operation.type": .string("process"),
            "messaging.destination.name": .string("\(prefix).\(record.lane.routingKey)"),
            "messaging.message.id": .string(record.id.text), "sms.outcome": .string(settlement.outcome.rawValue),
            "sms.attempts": .integer(Int64(record.attempts)),
        ]
        if let segments = record.facts.segments { span.attributes["sms.segments"] = .integer(Int64(segments)) }
        if let uuid = settlement.messageUUID { span.attributes["vonage.message_uuid"] = .string(uuid) }
        if settlement.outcome != .accepted { span.failure = settlement.error?.code.rawValue ?? "" }
        queue.add(span)
    }

    package func received(_ receipt: SeenReceipt, of record: MessageRecord?) {
        let command = record.map(Self.command)
        guard command?.isSampled ?? true else { return }
        var span = TraceSpan(
            "webhook status",
            .server,
            .derived(from: "receipt \(receipt.key)"),
            parentID: nil,
            from: receipt.seenAt,
            to: now()
        )
        span.attributes = [
            "sms.status": .string(receipt.status), "vonage.message_uuid": .string(receipt.messageUUID),
        ]
        if let record, let command {
            span.attributes["messaging.message.id"] = .string(record.id.text)
            span.links = [command]
        }
        queue.add(span)
    }

    package func answered(_ kind: WebhookKind, _ result: String, took duration: Duration) {
        let end = now()
        var span = TraceSpan(
            "webhook \(kind.rawValue)",
            .server,
            .derived(from: "\(UInt64.random(in: .min ... .max)) \(UInt64.random(in: .min ... .max))"),
            parentID: nil,
            from: end - duration,
            to: end
        )
        span.attributes = ["sms.result": .string(result)]
        if ["failed", "spool_full"].contains(result) { span.failure = result }
        queue.add(span)
    }

    /// The span that the publisher of a command was in; nil where it says none.
    private static func parent(_ record: MessageRecord) -> TraceContext? {
        record.facts.traceparent.flatMap(TraceContext.init(traceparent:))
    }

    /// The span of a command, which its attempts are parts of and its receipts link to.
    static func command(_ record: MessageRecord) -> TraceContext {
        let name = "command \(record.id.text) \(record.replay)"
        return parent(record)?.span(name) ?? .derived(from: name)
    }
}
