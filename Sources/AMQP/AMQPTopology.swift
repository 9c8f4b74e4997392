/// The exchanges, queues and bindings a service relies on, as a value: declared again on every new connection.
package struct AMQPTopology: Sendable, Hashable {
    /// What is done with it on a new connection.
    package enum Mode: Sendable, Hashable {
        /// Declare everything; what exists already must be equal.
        case declare
        /// Only check whether exchanges and queues exist; for brokers where services may not configure.
        case passive
    }

    /// Exchanges, declared first.
    package var exchanges: [AMQPExchange]
    /// Queues, declared second.
    package var queues: [AMQPQueue]
    /// Bindings, declared last; AMQP has no way to check whether one exists.
    package var bindings: [AMQPBinding]
    /// Declare or check; `declare` by default.
    package var mode: Mode

    /// Creates a topology.
    package init(
        exchanges: [AMQPExchange] = [],
        queues: [AMQPQueue] = [],
        bindings: [AMQPBinding] = [],
        mode: Mode = .declare
    ) {
        self.exchanges = exchanges
        self.queues = queues
        self.bindings = bindings
        self.mode = mode
    }

    /// Nothing to declare.
    package static let empty = AMQPTopology()
}

/// An exchange as it should be.
package struct AMQPExchange: Sendable, Hashable {
    /// How it routes; the raw value is AMQP's name, others (plugins) are allowed.
    package struct Kind: Sendable, Hashable, RawRepresentable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
        package static let direct = Kind(rawValue: "direct")
        package static let fanout = Kind(rawValue: "fanout")
        package static let topic = Kind(rawValue: "topic")
        package static let headers = Kind(rawValue: "headers")
    }

    package var name: String
    package var kind: Kind
    /// Survives a restart of the broker; true by default.
    package var isDurable: Bool
    /// Is deleted with its last binding; false by default.
    package var isAutoDelete: Bool
    /// Takes messages from other exchanges only; false by default.
    package var isInternal: Bool
    /// Arguments, as `alternate-exchange`.
    package var arguments: AMQPTable

    /// Creates a durable exchange.
    package init(
        _ name: String,
        _ kind: Kind,
        isDurable: Bool = true,
        isAutoDelete: Bool = false,
        isInternal: Bool = false,
        arguments: AMQPTable = [:]
    ) {
        self.name = name
        self.kind = kind
        self.isDurable = isDurable
        self.isAutoDelete = isAutoDelete
        self.isInternal = isInternal
        self.arguments = arguments
    }
}

/// A queue as it should be.
package struct AMQPQueue: Sendable, Hashable {
    package var name: String
    /// Survives a restart of the broker; true by default.
    package var isDurable: Bool
    /// Belongs to one connection and is deleted with it; false by default.
    package var isExclusive: Bool
    /// Is deleted with its last consumer; false by default.
    package var isAutoDelete: Bool
    /// Arguments, as `x-queue-type`.
    package var arguments: AMQPTable

    /// Creates a durable queue.
    package init(
        _ name: String,
        isDurable: Bool = true,
        isExclusive: Bool = false,
        isAutoDelete: Bool = false,
        arguments: AMQPTable = [:]
    ) {
        self.name = name
        self.isDurable = isDurable
        self.isExclusive = isExclusive
        self.isAutoDelete = isAutoDelete
        self.arguments = arguments
    }
}

/// A way for messages from an exchange to a queue or to another exchange.
package struct AMQPBinding: Sendable, Hashable {
    /// Where the messages go.
    package enum Destination: Sendable, Hashable {
        case queue(String)
        case exchange(String)
    }

    package var source: String
    package var destination: Destination
    package var routingKey: String
    /// Arguments, for headers exchanges.
    package var arguments: AMQPTable

    /// Creates a binding.
    package init(from source: String, to destination: Destination, routingKey: String = "", arguments: AMQPTable = [:])
    {
        self.source = source
        self.destination = destination
        self.routingKey = routingKey
        self.arguments = arguments
    }
}

/// The counts of a queue at one moment.
package struct AMQPQueueInfo: Sendable, Hashable {
    /// The queue's name.
    package var name: String
    /// Messages ready for delivery; those that consumers hold unsettled are not counted.
    package var readyCount: Int
    /// Consumers subscribed.
    package var consumerCount: Int
}

/// Something of a topology that is not as it should be.
package struct AMQPTopologyProblem: Sendable, Hashable, CustomStringConvertible {
    /// What is concerned, as `queue 'sms.send'`.
    package var entity: String
    /// RabbitMQ's reply code: 404 missing, 403 not allowed, 405 held by another connection, 406 different.
    package var replyCode: UInt16?
    /// The broker's explanation.
    package var message: String

    package var description: String { "\(entity): \(message)" }
}
