import App
import Contracts

extension UnroutedEvents {
    /// One event, as it lies in the queue.
    package struct Event: Sendable {
        private let message: BrokerMessage
        private let isBodyMissing: Bool
        /// The event's id; a handle, `@` and twelve hexadecimal digits, where it has none.
        package let id: String
        /// The body's size in bytes.
        package let bodySize: Int

        init(_ letter: DeadLetters.Letter) {
            message = letter.message
            isBodyMissing = letter.isBodyMissing
            id = letter.id
            bodySize = letter.bodySize
        }

        /// The exchange that it was published to; the broker keeps it for what goes through an alternate exchange.
        package var exchange: String { message.exchange }
        /// The routing key that it was published with.
        package var routingKey: String { message.routingKey }
        /// What it is about, such as `sms.status.delivered`; nil where it does not say.
        package var type: String? { message.properties.type }
        /// When it was published, RFC 3339 in whole seconds; nil where it does not say.
        package var time: String? {
            // Any client can publish; a time outside the calendar is ignored.
            guard let seconds = message.properties.timestamp, (0...253_402_300_799).contains(seconds) else {
                return nil
            }
            return Timestamp(milliseconds: seconds * 1000).rfc3339
        }

        /// The event as a list shows it, as JSON; the body, which holds numbers and texts, is not in it.
        package var listing: Listing {
            Listing(
                id: id,
                type: type,
                time: time,
                exchange: exchange,
                routingKey: routingKey,
                bodyBytes: bodySize
            )
        }

        /// Why it is not published again; nil when it is.
        func refusal(_ names: BrokerNames) -> String? {
            guard [names.outbound, names.status, names.inbound].contains(exchange) else {
                return "it came from '\(exchange)', and is no event of the service"
            }
            // Published, it would have lost its body.
            return isBodyMissing ? "its body is larger than any event's" : nil
        }

        /// The message that a replay publishes.
        var republished: BrokerMessage {
            var message = message
            message.properties.headers = message.properties.headersOfPublisher
            return message
        }
    }

    /// An event in a list.
    package struct Listing: Encodable, Hashable, Sendable {
        package let id: String
        package let type: String?
        package let time: String?
        package let exchange: String
        package let routingKey: String
        package let bodyBytes: Int

        private enum CodingKeys: String, CodingKey {
            case id, type, time, exchange
            case routingKey = "routing_key"
            case bodyBytes = "body_bytes"
        }
    }
}
