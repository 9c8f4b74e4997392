/// What went wrong, as callers need to know it: by meaning, with the broker's and the library's own numbers beside it.
///
/// No secret and no message body is in any of its texts.
package struct AMQPError: Error, Sendable {
    /// What kind of failure this is; new kinds may be added.
    package struct Code: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
        package var description: String { rawValue }

        /// The configuration cannot be used; the message lists every problem.
        package static let configuration = Code(rawValue: "configuration")
        /// A name, property or option breaks a rule of AMQP; nothing was written.
        package static let invalidArgument = Code(rawValue: "invalid_argument")
        /// There was no connection until the deadline; nothing was written.
        package static let notConnected = Code(rawValue: "not_connected")
        /// The broker took no publishes (memory or disk alarm) until the deadline; nothing was written.
        package static let blocked = Code(rawValue: "blocked")
        /// The deadline passed; nothing was written, or, for operations other than publish, no answer came.
        package static let timeout = Code(rawValue: "timeout")
        /// The body or the headers are larger than allowed; nothing was written.
        package static let tooLarge = Code(rawValue: "too_large")
        /// The broker could not route a mandatory message and gave it back.
        package static let returned = Code(rawValue: "returned")
        /// The broker refused the message, as a full queue with `reject-publish` makes it do.
        package static let nacked = Code(rawValue: "nacked")
        /// Written and never confirmed: it may or may not have arrived.
        package static let unknownOutcome = Code(rawValue: "unknown_outcome")
        /// No broker could be reached: name, network or handshake.
        package static let connectFailed = Code(rawValue: "connect_failed")
        /// The broker refused the client's certificate, or the client refused the broker's.
        package static let tlsFailed = Code(rawValue: "tls_failed")
        /// Wrong user, password or virtual host.
        package static let accessRefused = Code(rawValue: "access_refused")
        /// The connection broke; it is being recovered.
        package static let connectionLost = Code(rawValue: "connection_lost")
        /// A queue, exchange or binding was refused (403, 406, 404); `entity` names it.
        package static let topologyRefused = Code(rawValue: "topology_refused")
        /// A queue is held exclusively by another connection (405); `entity` names it.
        package static let lockedByAnother = Code(rawValue: "locked_by_another")
        /// The broker closed the channel because of this publish: no such exchange, no right to it, a property it does
        /// not accept (311, 403, 404, 406).
        package static let publishRefused = Code(rawValue: "publish_refused")
        /// The broker closed the channel for another reason.
        package static let channelClosed = Code(rawValue: "channel_closed")
        /// The peer sent what AMQP does not allow here.
        package static let protocolViolation = Code(rawValue: "protocol_violation")
        /// The connection was shut down on our side.
        package static let closed = Code(rawValue: "closed")
    }

    /// What is closed with it: AMQP closes a channel for most mistakes, the connection for some.
    package enum Level: String, Sendable { case operation, channel, connection }

    /// The kind of failure.
    package var code: Code
    /// One sentence for a person; no secrets.
    package var message: String
    /// What was lost with it.
    package var level: Level
    /// RabbitMQ's reply code, as 404 or 312, where it gave one.
    package var replyCode: UInt16?
    /// librabbitmq's status, a negative number, where the library failed.
    package var libraryCode: Int32?
    /// The queue, exchange or binding concerned, as `queue 'sms.send'`.
    package var entity: String?
    /// What led to it.
    package var underlying: (any Error)?

    /// Creates an error.
    package init(
        _ code: Code,
        _ message: String,
        level: Level = .operation,
        replyCode: UInt16? = nil,
        libraryCode: Int32? = nil,
        entity: String? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.level = level
        self.replyCode = replyCode
        self.libraryCode = libraryCode
        self.entity = entity
        self.underlying = underlying
    }
}

extension AMQPError {
    /// Whether the same call can succeed later without any change.
    package var isRetriable: Bool {
        switch code {
        case .notConnected, .blocked, .timeout, .nacked, .unknownOutcome, .connectFailed, .connectionLost,
            .lockedByAnother, .channelClosed:
            true
        default: false
        }
    }

    /// Whether a failed publish may have reached its queues all the same.
    package var mayHaveArrived: Bool { code == .unknownOutcome }

    /// Whether something has to be changed at the broker or in the configuration.
    package var isPermanent: Bool {
        [.configuration, .invalidArgument, .tooLarge, .accessRefused, .topologyRefused, .publishRefused].contains(code)
    }
}

extension AMQPError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String {
        var text = "\(code): \(message)"
        if let entity, !message.contains(entity) { text += " (\(entity))" }
        if let replyCode { text += " [\(replyCode)]" }
        return text
    }

    package var debugDescription: String {
        var text = "\(description) level=\(level.rawValue)"
        if let libraryCode { text += " library=\(libraryCode)" }
        if let underlying { text += " underlying=(\(underlying))" }
        return text
    }
}

extension AMQPError: Equatable {
    /// Two errors are equal when they mean the same; the underlying error is not compared.
    package static func == (left: AMQPError, right: AMQPError) -> Bool {
        left.code == right.code && left.message == right.message && left.level == right.level
            && left.replyCode == right.replyCode && left.libraryCode == right.libraryCode
            && left.entity == right.entity
    }
}
