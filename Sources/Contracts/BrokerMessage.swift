/// A message for the broker, whatever client speaks to it: where it goes, its properties and its body.
package struct BrokerMessage: Hashable, Sendable {
    /// The exchange; empty for the default exchange.
    package var exchange: String
    package var routingKey: String
    package var properties: Properties
    package var body: [UInt8]

    /// A message with everything it needs.
    package init(exchange: String, routingKey: String, properties: Properties, body: [UInt8]) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.properties = properties
        self.body = body
    }

    /// The message properties that we read, write or hand on (AMQP 0-9-1, basic class).
    ///
    /// Messages are always persistent. `expiration` and `user-id` are not carried: the one would let a dead letter
    /// vanish, the other is refused by the broker when it is not our own.
    package struct Properties: Hashable, Sendable, Codable {
        package var contentType: String?
        package var contentEncoding: String?
        package var priority: UInt8?
        package var messageID: String?
        package var correlationID: String?
        package var replyTo: String?
        package var type: String?
        package var appID: String?
        /// Seconds since 1970.
        package var timestamp: Int64?
        package var headers: [String: HeaderValue]

        /// Properties, each absent unless given.
        package init(
            contentType: String? = nil,
            contentEncoding: String? = nil,
            priority: UInt8? = nil,
            messageID: String? = nil,
            correlationID: String? = nil,
            replyTo: String? = nil,
            type: String? = nil,
            appID: String? = nil,
            timestamp: Int64? = nil,
            headers: [String: HeaderValue] = [:]
        ) {
            self.contentType = contentType
            self.contentEncoding = contentEncoding
            self.priority = priority
            self.messageID = messageID
            self.correlationID = correlationID
            self.replyTo = replyTo
            self.type = type
            self.appID = appID
            self.timestamp = timestamp
            self.headers = headers
        }
    }

    /// A header's value (AMQP 0-9-1 section 4.2.5.5 and RabbitMQ's errata); decimals are carried as strings.
    package indirect enum HeaderValue: Hashable, Sendable, Codable {
        case string(String)
        case integer(Int64)
        case bool(Bool)
        case double(Double)
        case bytes([UInt8])
        /// Seconds since 1970.
        case timestamp(Int64)
        case array([HeaderValue])
        case table([String: HeaderValue])
        case null

        /// The text of a string; nil for the other kinds.
        package var text: String? {
            guard case .string(let text) = self else { return nil }
            return text
        }

        /// The number of an integer; nil for the other kinds.
        package var int: Int64? {
            guard case .integer(let value) = self else { return nil }
            return value
        }
    }
}
