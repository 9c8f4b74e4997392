package import Contracts
package import SMSCore

/// A decoded delivery: which command it is, or why it is not one.
package enum CommandEnvelope: Sendable {
    /// A command with an id; its preparation says whether it is valid.
    case command(OpenedCommand)
    /// No event can be published about it: it is dead-lettered.
    case unidentified(problems: [Problem])

    /// Decodes a delivery.
    ///
    /// - Parameters:
    ///   - delivery: what the broker delivered.
    ///   - names: the service's own names, which no `reply_to` may name.
    ///   - defaultSender: `VONAGE_NUMBER`.
    ///   - now: the moment of reading.
    ///   - anonymousID: gives a command without an id a lasting one, by its body's digest.
    /// - Returns: the command, or why it has no id.
    /// - Throws: what `anonymousID` throws.
    static func open(
        _ delivery: CommandDelivery,
        names: BrokerNames,
        defaultSender: Sender?,
        now: Timestamp,
        anonymousID: (_ digest: String) async throws -> CommandID
    ) async throws -> CommandEnvelope {
        let message = delivery.message
        let digest = Digest.hex(message.body)
        let (reading, isObject) = read(message.body, now: now)

        let id: CommandID
        var isAnonymous = false
        if let written = message.properties.messageID ?? reading.command.id {
            guard let named = CommandID(written) else {
                let problem = Problem("id", "must be 1 to 100 printable ASCII characters")
                return .unidentified(problems: [problem] + reading.problems)
            }
            id = named
        } else if isObject, !reading.problems.contains(where: { $0.field == "id" }) {
            id = try await anonymousID(digest)
            isAnonymous = true
        } else {
            return .unidentified(problems: reading.problems)
        }

        var further: [Problem] = []
        if let replyTo = message.properties.replyTo, names.owns(replyTo) {
            further.append(Problem("reply_to", "must not name a queue of \(names.prefix).*"))
        }
        if let problem = message.properties.encodingProblem { further.append(problem) }
        let preparation: Preparation
        var source: OpenedCommand.Source?
        if isObject {
            source = OpenedCommand.Source(reading: reading, further: further)
            preparation = Preparation.of(reading, id: id, defaultSender: defaultSender, further: further)
                .expiring(by: message.properties.deadline(seenAt: now))
        } else {
            preparation = .invalid(MessageFacts(), further + reading.problems)
        }
        let headers = message.properties.headers
        let situation = Decision.Situation(
            id: id,
            bodyDigest: digest,
            lane: Lane(routingKey: message.routingKey) ?? .send,
            preparation: preparation,
            correlationID: message.properties.correlationID,
            traceparent: headers["traceparent"]?.text,
            wantsReply: !(message.properties.replyTo ?? "").isEmpty,
            marks: CopyMarks(headers),
            now: now
        )
        return .command(
            OpenedCommand(delivery: delivery, situation: situation, isAnonymous: isAnonymous, source: source)
        )
    }

    /// Reads a body, which may be no JSON object; one of more than four times the limit is not even parsed.
    private static func read(_ body: [UInt8], now: Timestamp) -> (SendCommand.Reading, isObject: Bool) {
        do throws(JSONProblem) {
            let limit = SendCommand.Limit.bodyBytes
            guard body.count <= 4 * limit else { throw JSONProblem("is \(body.count) bytes; the limit is \(limit)") }
            return (try SendCommand.read(body, now: now), true)
        } catch {
            let problem = Problem("body", error.message)
            return (SendCommand.Reading(command: SendCommand(), problems: [problem]), false)
        }
    }
}

/// A command that has an id.
package final class OpenedCommand: Sendable {
    package let delivery: CommandDelivery
    /// What decisions about it depend on, at the moment of decoding.
    package let situation: Decision.Situation
    /// Whether the service gave it its id.
    package let isAnonymous: Bool
    private let source: Source?

    package var id: CommandID { situation.id }

    /// What a command is prepared from.
    struct Source: Sendable {
        let reading: SendCommand.Reading
        /// Problems of the message around the body.
        let further: [Problem]
    }

    init(delivery: CommandDelivery, situation: Decision.Situation, isAnonymous: Bool, source: Source? = nil) {
        self.delivery = delivery
        self.situation = situation
        self.isAnonymous = isAnonymous
        self.source = source
    }

    /// The command, prepared as it was decided at first sight: while it is open, one without `from` keeps the sender
    /// that it was given then, whatever `VONAGE_NUMBER` is by now, and each keeps its expiry, because a copy that
    /// waited has no `expiration` any more.
    ///
    /// The suppression list, the rate and the reserved slot are those of that sender.
    func preparation(knowing record: MessageRecord?) -> Preparation {
        guard let record, record.settlement == nil, record.bodyDigest == situation.bodyDigest else {
            return situation.preparation
        }
        return preparation(from: record).expiring(at: record.facts.expiresAt)
    }

    private func preparation(from record: MessageRecord) -> Preparation {
        guard let source, source.reading.command.from == nil, let from = record.facts.from.flatMap(Sender.init) else {
            return situation.preparation
        }
        if case .ready(let prepared) = situation.preparation, prepared.sms.from == from { return situation.preparation }
        return Preparation.of(source.reading, id: id, defaultSender: from, further: source.further)
    }

    /// A command whose body is not read.
    convenience init(unread delivery: CommandDelivery, id: CommandID) {
        let message = delivery.message
        self.init(
            delivery: delivery,
            situation: Decision.Situation(
                id: id,
                bodyDigest: Digest.hex(message.body),
                lane: Lane(routingKey: message.routingKey) ?? .send,
                preparation: .invalid(MessageFacts(), []),
                correlationID: message.properties.correlationID,
                traceparent: message.properties.headers["traceparent"]?.text,
                wantsReply: !(message.properties.replyTo ?? "").isEmpty,
                marks: CopyMarks(message.properties.headers),
                now: .now
            ),
            isAnonymous: false
        )
    }
}
