/// A message for the broker, whatever client library sends it: where it goes, its properties and its body.
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
    /// Messages are always persistent. `expiration` is read and never written, for it would let a dead letter expire;
    /// `user-id` is not carried, since the broker refuses one that is not the connection's.
    package struct Properties: Hashable, Sendable, Codable {
        package var contentType: String?
        package var contentEncoding: String?
        package var priority: UInt8?
        package var messageID: String?
        package var correlationID: String?
        package var replyTo: String?
        package var type: String?
        package var appID: String?
        /// The time to live that a delivery was published with, in milliseconds as decimal digits; never written.
        package var expiration: String?
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
            expiration: String? = nil,
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
            self.expiration = expiration
            self.timestamp = timestamp
            self.headers = headers
        }
    }

    /// How many bits an integer has on the wire, where it has fewer than 64, and whether one of them is its sign.
    package enum IntegerWidth: String, Hashable, Sendable, Codable {
        case int8, uint8, int16, uint16, int32, uint32
    }

    /// A header's value (AMQP 0-9-1 section 4.2.5.5 and RabbitMQ's errata), with the kind it has on the wire, so that a
    /// message is handed on as it came.
    package indirect enum HeaderValue: Hashable, Sendable, Codable {
        case string(String)
        /// An integer of 64 bits, as the service writes them.
        case integer(Int64)
        /// An integer that came in fewer bits; `int` gives the number.
        case narrow(Int64, IntegerWidth)
        case unsigned(UInt64)
        case bool(Bool)
        case float(Float)
        case double(Double)
        /// `digits` divided by 10 to the power of `scale`.
        case decimal(scale: UInt8, digits: UInt32)
        case bytes([UInt8])
        /// Seconds since 1970; a value beyond `Int64.max`, which no clock shows, is negative here, and kept.
        case timestamp(Int64)
        case array([HeaderValue])
        case table([String: HeaderValue])
        case null

        /// The text of a string; nil for the other kinds.
        package var text: String? {
            guard case .string(let text) = self else { return nil }
            return text
        }

        /// The number of an integer that fits, whatever its width on the wire; nil for the other kinds.
        package var int: Int64? {
            switch self {
            case .integer(let value), .narrow(let value, _): value
            case .unsigned(let value): Int64(exactly: value)
            case .string, .bool, .float, .double, .decimal, .bytes, .timestamp, .array, .table, .null: nil
            }
        }
    }
}
