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
        if properties.wireSizeLimit > frameMaxBytes - 64 {
            return AMQPError(.tooLarge, "the headers do not fit into a frame of \(frameMaxBytes) bytes")
        }
        return properties.problem.map { AMQPError(.invalidArgument, $0) }
    }
}
