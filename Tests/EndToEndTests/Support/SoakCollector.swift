import AMQP
import Foundation
import Synchronization

/// Takes what comes to a run's queues, and acks it when it is written down.
final class SoakCollector: Sendable {
    /// What a queue holds.
    enum Kind: Sendable {
        case events
        case replies
        /// Dead letters, which are commands and carry their id, or their name in the text.
        case letters
    }

    private struct Envelope: Decodable {
        struct Content: Decodable {
            // swift-format-ignore: AlwaysUseLowerCamelCase
            let command_id: String?
            /// Only commands without an id have one.
            // swift-format-ignore: AlwaysUseLowerCamelCase
            let client_ref: String?
            // swift-format-ignore: AlwaysUseLowerCamelCase
            let message_uuid: String?
            let status: String?
            let error: Failure?
        }

        struct Failure: Decodable {
            let code: String
        }

        /// What the ledger calls the command that an outcome is of.
        var command: String? { data.client_ref ?? data.command_id }

        let id: String
        let type: String
        let data: Content
    }

    private struct Letter: Decodable {
        let text: String
    }

    private let state = Mutex(SoakLedger.Events())

    /// What has come so far.
    var events: SoakLedger.Events { state.withLock { $0 } }

    /// How many of these commands have no outcome yet.
    func openCount(of ids: some Sequence<String>) -> Int {
        state.withLock { state in ids.count { state.outcomes[$0] == nil } }
    }

    /// Takes deliveries until the task is cancelled.
    func collect(_ kind: Kind, from consumer: AMQPConsumer) async {
        for await delivery in consumer {
            take(delivery, kind)
            delivery.ack()
        }
    }

    /// Takes deliveries until none has come for a second.
    func collectRest(_ kind: Kind, from consumer: AMQPConsumer) async {
        while let delivery = await consumer.next(within: .seconds(1)) {
            take(delivery, kind)
            delivery.ack()
        }
    }

    private func take(_ delivery: AMQPDelivery, _ kind: Kind) {
        let envelope = kind == .letters ? nil : try? JSONDecoder().decode(Envelope.self, from: Data(delivery.body))
        let deadLetter = kind != .letters ? nil : try? JSONDecoder().decode(Letter.self, from: Data(delivery.body))
        let name = deadLetter.flatMap { SoakCommand.name(in: $0.text) } ?? delivery.properties.messageId ?? "?"
        state.withLock { state in
            if kind == .letters {
                state.letters[name, default: 0] += 1
            } else if let envelope {
                if kind == .events { state.count += 1 }
                Self.add(envelope, isReply: kind == .replies, to: &state)
            } else {
                state.unreadable.append(String(decoding: delivery.body.prefix(200), as: UTF8.self))
            }
        }
    }

    private static func add(_ event: Envelope, isReply: Bool, to state: inout SoakLedger.Events) {
        let words = event.type.split(separator: ".").map(String.init)
        let data = event.data
        switch (words.dropFirst().first, words.last, event.command, data.message_uuid) {
        case ("outbound", .some, .some(let command), _) where isReply:
            state.replies[command, default: []].insert(event.id)
        case ("outbound", "uncertain", .some(let command), _):
            state.uncertain.insert(command)
        case ("outbound", .some(let name), .some(let command), let uuid):
            state.outcomes[command, default: [:]][event.id] = SoakLedger.Outcome(
                name: name,
                code: data.error?.code,
                messageUUID: uuid
            )
        case ("status", .some(let status), _, .some(let uuid)):
            state.receipts["\(uuid)/\(status)", default: []].insert(event.id)
            // Its `client_ref` would be the receipt's own, were the command not known.
            if data.command_id == nil { state.unattributed.insert(event.id) }
        case ("inbound", .some, _, .some(let uuid)):
            state.inbound[uuid, default: []].insert(event.id)
        default:
            state.unreadable.append("\(event.type) \(event.id)")
        }
    }
}
