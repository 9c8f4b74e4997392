internal import CRabbitMQ
internal import Glibc

/// Writing. The caller asks `mayWrite` before each step: a send into a full socket blocks, with no limit of its own.
extension RawConnection {
    /// Messages up to this size are written in one call; larger ones in steps, so that no step waits for the peer.
    static let singleCallMaxBytes = 16 * 1024

    /// Whether a step can be written without waiting; `spend` then tells how large it was.
    func mayWrite() -> Bool {
        if writeCredit > 0 { return true }
        var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard unsafe poll(&polled, 1, 0) == 1, polled.revents & Int16(POLLOUT) != 0 else { return false }
        writeCredit = creditPerPoll
        return true
    }

    /// Counts what was written; the kernel's own bookkeeping for each packet is added.
    func spend(_ bytes: Int) {
        writeCredit -= bytes + 512
    }

    /// The largest part of a body that is written at once: it fits into a frame, and into the room `poll` promises.
    var bodyPartMaxBytes: Int { min(frameMaxBytes - 8, max(2048, creditPerPoll / 2)) }

    /// Gathers small packets until `uncork`, so that a turn's frames leave together.
    func setCorked(_ corked: Bool) {
        var value: Int32 = corked ? 1 : 0
        unsafe setsockopt(
            descriptor,
            Int32(IPPROTO_TCP),
            TCP_CORK,
            &value,
            socklen_t(MemoryLayout<Int32>.size)
        )
    }

    /// Writes a small message: method, header and body.
    func publish(_ outgoing: OutgoingMessage, on channel: UInt16) throws(AMQPError) {
        defer { pool.recycle() }
        var properties = unsafe PropertiesCoding.encode(outgoing.message.properties, in: pool)
        let exchange = unsafe pool.bytes(outgoing.exchange)
        let routingKey = unsafe pool.bytes(outgoing.routingKey)
        let isMandatory: Int32 = outgoing.isMandatory ? 1 : 0
        let status = unsafe outgoing.message.body.withUnsafeBytes { body in
            // The library only reads what the pointer shows.
            let bytes = unsafe amqp_bytes_t(
                len: body.count,
                bytes: UnsafeMutableRawPointer(mutating: body.baseAddress)
            )
            return unsafe amqp_basic_publish(handle, channel, exchange, routingKey, isMandatory, 0, &properties, bytes)
        }
        try check(status, "publishing")
    }

    /// Begins a large message; its parts follow with `sendBodyPart`, with nothing else on this channel in between.
    func beginPublish(_ outgoing: OutgoingMessage, on channel: UInt16) throws(AMQPError) {
        defer { pool.recycle() }
        var method = unsafe amqp_basic_publish_t()
        unsafe method.exchange = pool.bytes(outgoing.exchange)
        unsafe method.routing_key = pool.bytes(outgoing.routingKey)
        unsafe method.mandatory = outgoing.isMandatory ? 1 : 0
        try check(unsafe amqp_send_method(handle, channel, AMQP_BASIC_PUBLISH_METHOD, &method), "publishing")
        var properties = unsafe PropertiesCoding.encode(outgoing.message.properties, in: pool)
        let status = unsafe withUnsafeMutablePointer(to: &properties) { properties in
            var frame = unsafe amqp_frame_t()
            unsafe frame.frame_type = UInt8(AMQP_FRAME_HEADER)
            unsafe frame.channel = channel
            unsafe frame.payload.properties.class_id = UInt16(AMQP_BASIC_CLASS)
            unsafe frame.payload.properties.body_size = UInt64(outgoing.message.body.count)
            unsafe frame.payload.properties.decoded = UnsafeMutableRawPointer(properties)
            return unsafe amqp_send_frame(handle, &frame)
        }
        try check(status, "publishing")
    }

    /// Writes one part of a large message's body; at most `bodyPartMaxBytes`.
    func sendBodyPart(_ part: Range<Int>, of outgoing: OutgoingMessage, on channel: UInt16) throws(AMQPError) {
        let status = unsafe outgoing.message.body.withUnsafeBytes { body in
            let slice = unsafe UnsafeRawBufferPointer(rebasing: body[part])
            var frame = unsafe amqp_frame_t()
            unsafe frame.frame_type = UInt8(AMQP_FRAME_BODY)
            unsafe frame.channel = channel
            unsafe frame.payload.body_fragment = amqp_bytes_t(
                len: slice.count,
                bytes: UnsafeMutableRawPointer(mutating: slice.baseAddress)
            )
            return unsafe amqp_send_frame(handle, &frame)
        }
        try check(status, "publishing")
    }

    /// Writes a method.
    func send(_ method: OutboundMethod, on channel: UInt16) throws(AMQPError) {
        defer { pool.recycle() }
        try check(unsafe MethodEncoding.send(method, on: channel, handle: handle, pool: pool), "writing")
    }

    private func check(_ status: Int32, _ doing: String) throws(AMQPError) {
        if status != AMQP_STATUS_OK.rawValue { throw Self.lost(status, while: doing) }
    }
}
