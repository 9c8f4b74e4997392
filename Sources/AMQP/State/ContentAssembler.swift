/// Puts a message together from its frames: method, header, bodies; one assembler per channel.
///
/// Frames of different channels interleave, those of one channel do not. A body beyond the limit is counted and dropped
/// while it arrives: a prefetch bounds how many messages are in memory, this bounds how large they are.
struct ContentAssembler {
    /// The method that began the content.
    enum Subject: Equatable {
        case delivery(
            consumerTag: String,
            deliveryTag: UInt64,
            isRedelivered: Bool,
            exchange: String,
            routingKey: String
        )
        case returned(replyCode: UInt16, replyText: String, exchange: String, routingKey: String)
    }

    /// A whole message.
    struct Content: Equatable {
        var subject: Subject
        /// Its body is empty where it was beyond the limit.
        var message: AMQPMessage
        /// The body's size on the wire, in bytes.
        var bodySize: Int
    }

    private enum State {
        /// Can transition to: awaitingHeader.
        case idle
        /// Can transition to: awaitingBody, droppingBody, or idle when the body is empty.
        case awaitingHeader(Subject)
        /// Can transition to: idle when the last byte is there.
        case awaitingBody(Subject, AMQPProperties, size: Int)
        /// Can transition to: idle when the last byte is there.
        case droppingBody(Subject, AMQPProperties, size: Int, seen: Int)
    }

    private var state: State = .idle
    private var body: [UInt8] = []
    private let bodyLimitBytes: Int

    /// An assembler between two messages.
    ///
    /// `bodyLimitBytes`: the largest body that is kept.
    init(bodyLimitBytes: Int = AMQPLimits.deliveryMaxBytes) {
        self.bodyLimitBytes = bodyLimitBytes
    }

    /// A method that is followed by content.
    mutating func begin(_ subject: Subject) throws(AMQPError) {
        guard case .idle = state else { throw violation("a method came inside a message") }
        state = .awaitingHeader(subject)
    }

    /// The content header.
    ///
    /// - Returns: the message, when its body is empty.
    mutating func header(bodySize: UInt64, properties: AMQPProperties) throws(AMQPError) -> Content? {
        guard case .awaitingHeader(let subject) = state else { throw violation("a header came without its method") }
        guard bodySize <= UInt64(AMQPLimits.deliveryMaxBytes) else { throw violation("a body is too large") }
        if bodySize == 0 {
            state = .idle
            return Content(subject: subject, message: AMQPMessage(body: [], properties: properties), bodySize: 0)
        }
        let size = Int(bodySize)
        state =
            size > bodyLimitBytes
            ? .droppingBody(subject, properties, size: size, seen: 0) : .awaitingBody(subject, properties, size: size)
        return nil
    }

    /// A part of the body.
    ///
    /// - Parameters:
    ///   - count: its size in bytes.
    ///   - append: adds exactly those bytes to the array given; called at most once, before this returns.
    /// - Returns: the message, when this was the last part.
    /// - Throws: `AMQPError` when no body is due, or more of it comes than was announced.
    mutating func body(count: Int, append: (inout [UInt8]) -> Void) throws(AMQPError) -> Content? {
        switch state {
        case .awaitingBody(let subject, let properties, let size):
            guard count <= size - body.count else { throw violation("a body is longer than announced") }
            return keep(append, subject, properties, size)
        case .droppingBody(let subject, let properties, let size, let seen):
            guard count <= size - seen else { throw violation("a body is longer than announced") }
            guard seen + count == size else {
                state = .droppingBody(subject, properties, size: size, seen: seen + count)
                return nil
            }
            state = .idle
            return Content(subject: subject, message: AMQPMessage(body: [], properties: properties), bodySize: size)
        case .idle, .awaitingHeader: throw violation("a body came without its header")
        }
    }

    private mutating func keep(
        _ append: (inout [UInt8]) -> Void,
        _ subject: Subject,
        _ properties: AMQPProperties,
        _ size: Int
    ) -> Content? {
        // Room for all of it at once, so that the bytes are moved only here; but a peer that merely announces a huge
        // body gets no memory for it.
        if body.isEmpty { body.reserveCapacity(min(size, 4 * 1024 * 1024)) }
        append(&body)
        guard body.count == size else { return nil }
        state = .idle
        let message = AMQPMessage(body: body, properties: properties)
        let content = Content(subject: subject, message: message, bodySize: size)
        body = []
        return content
    }

    private func violation(_ what: String) -> AMQPError {
        AMQPError(.protocolViolation, what, level: .connection)
    }
}
