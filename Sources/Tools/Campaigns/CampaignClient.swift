package import AMQP
import App
package import Contracts
import FoundationEssentials

/// Publishes campaigns as any other service would, and follows them to their end.
package struct CampaignClient: Sendable {
    /// After so long without an event the first part is published again: a service that has ended the campaign
    /// publishes its end once more, any other ignores the repeat.
    private static let silence: Duration = .seconds(60)

    private let connection: AMQPConnection
    private let names: BrokerNames

    /// A client over a connection that the caller runs.
    package init(connection: AMQPConnection, names: BrokerNames) {
        self.connection = connection
        self.names = names
    }

    /// A campaign that is to be published.
    package struct Draft: Sendable {
        package let id: String
        /// All but the recipients, as the command has it.
        package let fields: [String: JSONValue]
        package let file: CampaignFile

        /// A draft; the id is part of its fields.
        package init(id: String, fields: [String: JSONValue], file: CampaignFile) {
            self.id = id
            self.fields = fields.merging(["id": .string(id)]) { $1 }
            self.file = file
        }

        /// The names of its text's variables.
        var variables: [String] { CampaignTemplate(fields["text"]?.scalarText ?? "").variables }
    }

    /// What happens on the way, for a terminal.
    package enum Progress: Sendable {
        case published(part: Int, parts: Int)
        case event(CampaignEvent)
    }

    /// How a campaign ended: its last event, as it was published.
    package enum End: Sendable {
        case completed(CampaignEvent, json: [UInt8])
        case invalid(EventError?, json: [UInt8])
        /// It was not waited for, or not long enough.
        case pending(recipients: Int, parts: Int)
    }

    /// Publishes a campaign, in parts where it is large, and waits for its end.
    ///
    /// The file is read twice: to count the parts, and to publish them.
    ///
    /// - Parameters:
    ///   - draft: what is published.
    ///   - isAwaited: whether to wait for the end.
    ///   - limit: how long; nil for as long as it takes.
    ///   - onProgress: called with what happens on the way.
    /// - Returns: the end.
    /// - Throws: ``CSVProblem``, ``CSVProblems`` and the system's errors for the file, before anything is published;
    ///   `AMQPError`.
    package func run(
        _ draft: Draft,
        isAwaited: Bool,
        limit: Duration?,
        onProgress: (Progress) -> Void
    ) async throws -> End {
        let (recipients, parts) = try await count(draft)
        guard parts > 0 else { throw CSVProblem(line: 2, "is missing: the file has no recipients") }
        var events: AMQPConsumer?
        if isAwaited { events = try await follow() }
        let first = try await publish(draft, parts: parts, onProgress)
        guard let events else { return .pending(recipients: recipients, parts: parts) }
        let deadline = limit.map { ContinuousClock.now + $0 }
        while true {
            let rest = deadline.map { $0 - .now } ?? Self.silence
            guard rest > .zero else { return .pending(recipients: recipients, parts: parts) }
            guard let delivery = await events.next(within: min(rest, Self.silence)) else {
                try Task.checkCancellation()
                if rest >= Self.silence { try await publish(first, id: draft.id) }
                continue
            }
            if let end = end(of: draft.id, in: delivery, onProgress) { return end }
        }
    }

    private func count(_ draft: Draft) async throws -> (recipients: Int, parts: Int) {
        var cutter = CampaignCutter(fields: draft.fields)
        var parts = 0
        try await draft.file.read(variables: draft.variables) { if cutter.add($0) != nil { parts += 1 } }
        if cutter.finish() != nil { parts += 1 }
        return (cutter.count, parts)
    }

    /// Publishes every part.
    ///
    /// - Returns: the first one's body.
    private func publish(_ draft: Draft, parts: Int, _ onProgress: (Progress) -> Void) async throws -> [UInt8] {
        var cutter = CampaignCutter(fields: draft.fields)
        var part = 0
        var first: [UInt8] = []
        func publish(_ share: [UInt8]) async throws {
            part += 1
            let body = cutter.body(of: share, part: part, parts: parts)
            if part == 1 { first = body }
            try await self.publish(body, id: draft.id)
            onProgress(.published(part: part, parts: parts))
        }
        try await draft.file.read(variables: draft.variables) { recipient in
            if let share = cutter.add(recipient) { try await publish(share) }
        }
        if let share = cutter.finish() { try await publish(share) }
        return first
    }

    private func publish(_ body: [UInt8], id: String) async throws {
        let message = BrokerMessage.command(body, .campaign, names: names, origin: .commandLine, id: id, at: .now)
        try await connection.publish(AMQPMessage(message), to: message.exchange, routingKey: message.routingKey)
    }

    private func follow() async throws -> AMQPConsumer {
        let keys = CampaignEvent.Kind.allCases.map(\.routingKey) + [Outcome.invalid.rawValue]
        let events = try await connection.consumeTemporary(
            bindings: keys.map { AMQPTemporaryBinding(exchange: names.outbound, routingKey: $0) }
        )
        try await events.waitUntilSubscribed(within: .seconds(10))
        return events
    }

    /// The end, where an event reports it.
    private func end(of id: String, in delivery: AMQPDelivery, _ onProgress: (Progress) -> Void) -> End? {
        let data = Data(delivery.body)
        let decoder = JSONDecoder()
        if delivery.routingKey == Outcome.invalid.rawValue {
            guard let event = try? decoder.decode(CloudEvent<OutboundEvent>.self, from: data),
                event.data.commandID == id
            else { return nil }
            return .invalid(event.data.error, json: delivery.body)
        }
        guard let event = try? decoder.decode(CloudEvent<CampaignEvent>.self, from: data), event.data.campaignID == id
        else { return nil }
        if event.type == CampaignEvent.Kind.completed.type { return .completed(event.data, json: delivery.body) }
        onProgress(.event(event.data))
        return nil
    }
}
