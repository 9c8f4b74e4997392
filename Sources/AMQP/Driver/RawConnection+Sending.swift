internal import CRabbitMQ
internal import Glibc

/// Writing: frames gather in `outgoing`, and go out in one piece as far as the socket takes them. Nothing here waits.
extension RawConnection {
    /// Whether `poll` has to say when the socket can be written.
    var isWriteAwaited: Bool { isReadHeldUp || !outgoing.isEmpty && !isWritable }

    /// Adds a method.
    ///
    /// - Throws: `connectionLost` when it does not fit into a frame: the broker would close the connection.
    func put(_ method: OutboundMethod, on channel: UInt16) throws(AMQPError) {
        let before = outgoing.count
        outgoing.put(method, on: channel)
        let size = outgoing.count - before
        guard size > frameMaxBytes else { return }
        outgoing.dropLast(size)
        throw AMQPError(
            .connectionLost,
            "\(method.entity): the method does not fit into a frame of \(frameMaxBytes) bytes",
            level: .connection
        )
    }

    /// Adds a message.
    func put(_ outgoingMessage: OutgoingMessage, on channel: UInt16) {
        outgoing.put(outgoingMessage, on: channel, frameMaxBytes: frameMaxBytes)
    }

    /// Adds a heartbeat where one is due and nothing else was written.
    func putHeartbeatIfDue(_ now: ContinuousClock.Instant) {
        if outgoing.isEmpty, heartbeat.isDue(at: now) { outgoing.putHeartbeat() }
    }

    /// Writes what has gathered; what the socket does not take stays for the time when it can be written.
    ///
    /// - Throws: `connectionLost`.
    func flush(_ now: ContinuousClock.Instant) throws(AMQPError) {
        while !outgoing.isEmpty, isWritable {
            let count = if let session { try send(over: session) } else { try sendPlain() }
            guard count > 0 else { return }
            outgoing.take(count)
            heartbeat.sent(at: now)
        }
    }

    private func sendPlain() throws(AMQPError) -> Int {
        let socket = descriptor
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        while true {
            let count = outgoing.withUnwritten { bytes in
                unsafe bytes.withUnsafeBytes { unsafe Glibc.send(socket, $0.baseAddress, $0.count, flags) }
            }
            if count >= 0 {
                // Less than all: the socket's buffer is full.
                if count < outgoing.count { isWritable = false }
                return count
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                isWritable = false
                return 0
            default: throw Self.lost(AMQP_STATUS_SOCKET_ERROR.rawValue, while: "writing")
            }
        }
    }

    private func send(over session: TLSSession) throws(AMQPError) -> Int {
        let outcome = outgoing.withUnwritten { bytes in
            unsafe bytes.withUnsafeBytes { unsafe session.write($0) }
        }
        switch outcome {
        case .bytes(let count): return count
        // Tried again in the next turn, which reads before it writes.
        case .awaitsReading: return 0
        case .awaitsWriting:
            isWritable = false
            return 0
        case .closed: throw Self.lost(AMQP_STATUS_CONNECTION_CLOSED.rawValue, while: "writing")
        case .failed: throw Self.lost(AMQP_STATUS_SSL_ERROR.rawValue, while: "writing")
        }
    }
}
