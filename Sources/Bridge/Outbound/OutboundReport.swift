import Contracts
import CoreMetrics
import Logging
import SMSCore

/// What the outbound flow logs and counts.
struct OutboundReport: Sendable {
    let logger: Logger
    var privacy = LogPrivacy()
    /// Where traces go; nil where there are none.
    var traces: (any TraceSink)?

    /// One line per request.
    func attempt(
        _ outcome: SubmitOutcome,
        of command: OpenedCommand,
        _ record: MessageRecord,
        isProbe: Bool,
        text: @autoclosure () -> String,
        took duration: Duration
    ) {
        BridgeMetrics.attempts(outcome.label).increment()
        traces?.attempted(record, outcome, took: duration)
        BridgeMetrics.sendDuration().recordNanoseconds(duration.wholeMilliseconds * 1_000_000)
        if record.attempts == 0, outcome.countsAsAttempt(isProbe: isProbe) {
            // The time before a `send_at` does not count as a wait.
            let age = Timestamp.now - max(record.createdAt, record.facts.sendAt ?? record.createdAt)
            BridgeMetrics.commandAge().recordNanoseconds(age.wholeMilliseconds * 1_000_000)
        }
        var metadata = command.metadata
        metadata.merge(outcome.metadata) { $1 }
        if case .sending(let attempt) = record.state {
            metadata[BridgeLogKey.attempt.rawValue] = .stringConvertible(attempt.number)
        }
        metadata[BridgeLogKey.lane.rawValue] = "\(record.lane.rawValue)"
        metadata[BridgeLogKey.durationMS.rawValue] = .stringConvertible(duration.wholeMilliseconds)
        metadata[BridgeLogKey.segments.rawValue] = .stringConvertible(record.facts.segments ?? 0)
        metadata[BridgeLogKey.to.rawValue] = "\(record.facts.to.map(privacy.shown) ?? "")"
        if privacy.showsPersonalData { metadata[BridgeLogKey.text.rawValue] = "\(text())" }
        logger.info("sms.attempted", metadata: metadata)
    }

    /// A command was seen for the first time, or is carried out anew.
    func received(_ command: OpenedCommand) { BridgeMetrics.received(command.situation.lane).increment() }

    /// A command reached its end, and that was published.
    func outcome(of record: MessageRecord) {
        guard let outcome = record.settlement?.outcome else { return }
        BridgeMetrics.commands(record.lane, outcome).increment()
        traces?.ended(record)
        guard outcome != .accepted else { return }
        var metadata = record.metadata
        metadata[BridgeLogKey.outcome.rawValue] = "\(outcome.rawValue)"
        metadata[BridgeLogKey.code.rawValue] = "\(record.settlement?.error?.code.rawValue ?? "")"
        logger.notice("a command was not carried out", metadata: metadata)
    }

    /// A request was written, and its result is not known.
    func uncertain(_ record: MessageRecord) {
        BridgeMetrics.commands(record.lane, .uncertain).increment()
        logger.warning("it is not known whether a command was sent; waiting for its receipt", metadata: record.metadata)
    }

    /// An id came again with another body.
    func reuse(of command: OpenedCommand) {
        BridgeMetrics.reusedIDs().increment()
        logger.warning("an id came again with another body, and nothing is sent for it", metadata: command.metadata)
    }

    /// A message that no event can be published about.
    func unidentified(_ delivery: CommandDelivery, _ detail: String) {
        logger.warning(
            "a command without an id goes to the dead letters",
            metadata: [
                BridgeLogKey.problems.rawValue: "\(detail)",
                BridgeLogKey.routingKey.rawValue: "\(delivery.message.routingKey)",
            ]
        )
        guard let lane = Lane(routingKey: delivery.message.routingKey) else { return }
        BridgeMetrics.received(lane).increment()
        BridgeMetrics.commands(lane, .invalid).increment()
    }
}
