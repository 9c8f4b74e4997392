/// The properties of a message, under AMQP's own names.
///
/// A property that is nil is not on the wire. Bytes that are not UTF-8 are escaped in a text, and are written as they
/// came (`WireText`).
package struct AMQPProperties: Sendable, Hashable {
    /// How a message is kept by durable queues.
    package enum DeliveryMode: UInt8, Sendable, Hashable {
        case transient = 1
        case persistent = 2
    }

    /// MIME type of the body.
    package var contentType: String?
    /// MIME encoding of the body, as `gzip`.
    package var contentEncoding: String?
    /// Headers; an empty table is not written.
    package var headers: AMQPTable
    /// Persistent or transient; RabbitMQ takes nil as transient.
    package var deliveryMode: DeliveryMode?
    /// Priority, 0 to 9 by custom.
    package var priority: UInt8?
    /// What this message answers or belongs to.
    package var correlationId: String?
    /// The queue that answers go to, through the default exchange.
    package var replyTo: String?
    /// Time to live in milliseconds, as decimal digits.
    package var expiration: String?
    /// The sender's name for this message.
    package var messageId: String?
    /// Seconds since 1970, UTC.
    package var timestamp: UInt64?
    /// The kind of message.
    package var type: String?
    /// The publishing user; RabbitMQ refuses one that is not the connection's.
    package var userId: String?
    /// The publishing application.
    package var appId: String?
    /// Deprecated in AMQP, carried over as it is.
    package var clusterId: String?

    /// Creates properties; everything may be left out.
    package init(
        contentType: String? = nil,
        contentEncoding: String? = nil,
        headers: AMQPTable = [:],
        deliveryMode: DeliveryMode? = nil,
        priority: UInt8? = nil,
        correlationId: String? = nil,
        replyTo: String? = nil,
        expiration: String? = nil,
        messageId: String? = nil,
        timestamp: UInt64? = nil,
        type: String? = nil,
        userId: String? = nil,
        appId: String? = nil,
        clusterId: String? = nil
    ) {
        self.contentType = contentType
        self.contentEncoding = contentEncoding
        self.headers = headers
        self.deliveryMode = deliveryMode
        self.priority = priority
        self.correlationId = correlationId
        self.replyTo = replyTo
        self.expiration = expiration
        self.messageId = messageId
        self.timestamp = timestamp
        self.type = type
        self.userId = userId
        self.appId = appId
        self.clusterId = clusterId
    }
}

extension AMQPProperties {
    /// Every property that is a short string on the wire, with its name.
    private var shortStrings: [(name: String, value: String?)] {
        [
            ("content_type", contentType), ("content_encoding", contentEncoding), ("correlation_id", correlationId),
            ("reply_to", replyTo), ("expiration", expiration), ("message_id", messageId), ("type", type),
            ("user_id", userId), ("app_id", appId), ("cluster_id", clusterId),
        ]
    }

    /// The bytes of the header frame: its own 8, class, weight, size of the body, flags, and what is set.
    var headerFrameSize: Int {
        var size = 8 + 12 + 2
        for (_, value) in shortStrings { if let value { size += 1 + WireText.count(of: value) } }
        if !headers.isEmpty { size += headers.wireSize }
        if deliveryMode != nil { size += 1 }
        if priority != nil { size += 1 }
        if timestamp != nil { size += 8 }
        return size
    }

    /// What keeps these properties from being written (or the broker from taking them), or nil.
    var problem: String? {
        for (name, value) in shortStrings {
            if let value, WireText.count(of: value) > AMQPLimits.shortStringMaxBytes {
                return "\(name) is longer than 255 bytes"
            }
        }
        // The broker answers a malformed expiration by closing the channel, with everything in flight on it.
        if let expiration, UInt32(expiration) == nil { return "expiration is not a number of milliseconds" }
        return headers.problem
    }
}
