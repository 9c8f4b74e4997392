internal import CRabbitMQ
internal import Glibc

/// Reading: the socket is read only when `poll` has said that something is there, and until it would block.
extension RawConnection {
    /// What `poll` has found.
    func note(_ readiness: Readiness) {
        if readiness.contains(.readable) { isReadable = true }
        guard readiness.contains(.writable) else { return }
        isWritable = true
        if isReadHeldUp {
            isReadHeldUp = false
            isReadable = true
        }
    }

    /// The next frame, without waiting.
    ///
    /// - Returns: nil when nothing is there; only then may the thread sleep.
    /// - Throws: `connectionLost`.
    func nextFrame(_ now: ContinuousClock.Instant) throws(AMQPError) -> Frame? {
        if !isLibraryDrained, let frame = try libraryFrame(now) { return frame }
        while true {
            while !input.isEmpty {
                var frame = unsafe amqp_frame_t()
                let unread = unsafe input.unread
                let bytes = unsafe amqp_bytes_t(len: unread.count, bytes: unread.baseAddress)
                let taken = unsafe amqp_handle_input(handle, bytes, &frame)
                guard taken > 0 else {
                    let status = taken < 0 ? taken : AMQP_STATUS_BAD_AMQP_DATA.rawValue
                    throw Self.lost(status, while: "reading")
                }
                input.take(Int(taken))
                // 0: no frame is complete yet, or it is of an unknown kind.
                if unsafe frame.frame_type != 0 { return unsafe Self.frame(frame) }
            }
            guard isReadable, try receive(now) else { return nil }
        }
    }

    /// A frame that the library had read together with the answer to the login.
    ///
    /// Called until there is none, once; it is the last time that the library reads the socket, or may write a
    /// heartbeat: nothing is being written here yet.
    private func libraryFrame(_ now: ContinuousClock.Instant) throws(AMQPError) -> Frame? {
        var frame = unsafe amqp_frame_t()
        var noTime = timeval()
        watch.enter(limit: .seconds(10))
        let status = unsafe amqp_simple_wait_frame_noblock(handle, &frame, &noTime)
        watch.leave()
        if status == AMQP_STATUS_TIMEOUT.rawValue {
            isLibraryDrained = true
            return nil
        }
        guard status == AMQP_STATUS_OK.rawValue else { throw Self.lost(status, while: "reading") }
        heartbeat.received(at: now)
        return unsafe Self.frame(frame)
    }

    private static func frame(_ frame: amqp_frame_t) -> Frame {
        let channel = unsafe frame.channel
        switch unsafe Int32(frame.frame_type) {
        case AMQP_FRAME_METHOD:
            return unsafe .method(channel: channel, MethodDecoding.method(frame.payload.method))
        case AMQP_FRAME_HEADER:
            guard unsafe frame.payload.properties.class_id == UInt16(AMQP_BASIC_CLASS),
                let decoded = unsafe frame.payload.properties.decoded
            else { return .ignored }
            let properties = unsafe decoded.assumingMemoryBound(to: amqp_basic_properties_t.self).pointee
            return unsafe .header(
                channel: channel,
                bodySize: frame.payload.properties.body_size,
                PropertiesCoding.properties(properties)
            )
        case AMQP_FRAME_BODY:
            let bytes = unsafe frame.payload.body_fragment
            return unsafe .body(
                channel: channel,
                BodyFragment(UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len))
            )
        default: return .ignored
        }
    }

    /// Fills the buffer from the socket.
    ///
    /// - Returns: false when nothing is there.
    private func receive(_ now: ContinuousClock.Instant) throws(AMQPError) -> Bool {
        let count = if let session { try receive(over: session) } else { try receivePlain() }
        input.filled(count)
        if count > 0 { heartbeat.received(at: now) }
        return count > 0
    }

    private func receivePlain() throws(AMQPError) -> Int {
        while true {
            let room = unsafe input.room
            let count = unsafe recv(descriptor, room.baseAddress, room.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                // Less than there was room for: that was all. `poll` reports what comes later.
                if count < InputBuffer.capacity { isReadable = false }
                return count
            }
            if count == 0 { throw Self.lost(AMQP_STATUS_CONNECTION_CLOSED.rawValue, while: "reading") }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                isReadable = false
                return 0
            default: throw Self.lost(AMQP_STATUS_SOCKET_ERROR.rawValue, while: "reading")
            }
        }
    }

    /// One record at a time, until OpenSSL asks for more bytes: it then holds nothing that `poll` would not see.
    private func receive(over session: TLSSession) throws(AMQPError) -> Int {
        switch unsafe session.read(into: input.room) {
        case .bytes(let count): return count
        case .awaitsReading: isReadable = false
        case .awaitsWriting:
            isReadable = false
            isReadHeldUp = true
        case .closed: throw Self.lost(AMQP_STATUS_CONNECTION_CLOSED.rawValue, while: "reading")
        case .failed: throw Self.lost(AMQP_STATUS_SSL_ERROR.rawValue, while: "reading")
        }
        return 0
    }

    /// Gives the memory of a channel's frames back to the library's pool, once they are copied.
    ///
    /// Without it a batch of frames, each of which may be as large as a frame can be, would be held at a time.
    func releaseMemory(of channel: UInt16) {
        unsafe amqp_maybe_release_buffers_on_channel(handle, channel)
    }

    /// Gives the memory of all frames read so far back to the library's pools.
    func releaseMemory() {
        unsafe amqp_maybe_release_buffers(handle)
    }
}
