/// What is published: properties and a body.
package struct AMQPMessage: Sendable, Hashable {
    /// Properties and headers; empty by default.
    package var properties: AMQPProperties
    /// The body, as it stands on the wire.
    package var body: [UInt8]

    /// Creates a message.
    package init(body: [UInt8], properties: AMQPProperties = AMQPProperties()) {
        self.properties = properties
        self.body = body
    }
}

extension AMQPMessage {
    /// What keeps this message from being written, or nil.
    ///
    /// - Parameters:
    ///   - maxBodyBytes: the largest body allowed, in bytes.
    ///   - frameMaxBytes: the largest frame; properties must fit into one.
    /// - Returns: the problem; nil when there is none.
    func problem(maxBodyBytes: Int, frameMaxBytes: Int) -> AMQPError? {
        if body.count > maxBodyBytes {
            return AMQPError(.tooLarge, "the body has \(body.count) bytes, \(maxBodyBytes) are allowed")
        }
        if let problem = Self.headerProblem(properties.headerFrameSize, frameMaxBytes: frameMaxBytes) { return problem }
        return properties.problem.map { AMQPError(.invalidArgument, $0) }
    }

    /// What keeps a header from being written as one frame, as AMQP wants it, or nil.
    static func headerProblem(_ headerFrameSize: Int, frameMaxBytes: Int) -> AMQPError? {
        guard headerFrameSize > frameMaxBytes else { return nil }
        return AMQPError(.tooLarge, "the headers do not fit into a frame of \(frameMaxBytes) bytes")
    }
}
