internal import CRabbitMQ
internal import Glibc

/// The one owner of librabbitmq's handle: reads frames, writes methods and messages, frees it at the end.
///
/// Belongs to one thread at a time: the dialler's until it is handed over, the connection's afterwards. After any call has
/// failed, only `close` is of use.
@safe
final class RawConnection {
    /// One frame, in Swift's terms.
    enum Frame {
        case method(channel: UInt16, InboundMethod)
        case header(channel: UInt16, bodySize: UInt64, AMQPProperties)
        case body(channel: UInt16, BodyFragment)
        /// A heartbeat, or something without meaning for us.
        case ignored

        /// Where it came.
        var channel: UInt16 {
            switch self {
            case .method(let channel, _), .header(let channel, _, _), .body(let channel, _): channel
            case .ignored: 0
            }
        }
    }

    /// Bytes of a body, in the library's memory: valid until the next call of `nextFrame` or `releaseMemory`.
    @safe
    struct BodyFragment {
        fileprivate let bytes: UnsafeRawBufferPointer

        var count: Int { unsafe bytes.count }

        /// Copies the bytes.
        func append(to body: inout [UInt8]) {
            unsafe body.append(contentsOf: bytes)
        }
    }

    let handle: amqp_connection_state_t
    let watch: CallWatch
    let pool = MemoryPool()
    /// The broker connected to, without credentials.
    let endpoint: String
    private var isOpen = true
    /// Bytes that may be written before the socket has to be asked again.
    var writeCredit = 0
    /// Set at hand-over.
    var creditPerPoll = 4096
    var frameMaxBytes = AMQPLimits.frameMaxBytes
    /// Which RabbitMQ this is; nil when it says it is another broker.
    private(set) var brokerVersion: BrokerVersion?

    /// Takes ownership of the handle.
    init(handle: amqp_connection_state_t, watch: CallWatch, endpoint: String) {
        unsafe self.handle = handle
        self.watch = watch
        self.endpoint = endpoint
    }

    deinit { close() }

    /// The socket, or -1: the library closes it by itself on some errors, so this is read anew before each poll.
    var descriptor: Int32 { isOpen ? unsafe amqp_get_sockfd(handle) : -1 }

    /// The highest channel number agreed upon.
    var channelLimit: UInt16 {
        let limit = unsafe amqp_get_channel_max(handle)
        return limit <= 0 ? UInt16(2047) : UInt16(clamping: limit)
    }

    /// Learns what was negotiated at login, and who the broker is.
    ///
    /// - Throws: `connectFailed` when the broker's frames are smaller than AMQP allows.
    func measure() throws(AMQPError) {
        frameMaxBytes = unsafe Int(amqp_get_frame_max(handle))
        if let problem = AMQPLimits.problem(frameMaxBytes: frameMaxBytes) {
            throw AMQPError(.connectFailed, "\(endpoint): \(problem)", level: .connection)
        }
        if let properties = unsafe amqp_get_server_properties(handle) {
            brokerVersion = unsafe BrokerVersion(TableCoding.table(properties.pointee))
        }
        var size: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let status = unsafe getsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, &length)
        // `poll` calls a socket writable when a third of its buffer is free; half of that leaves room for the kernel's own
        // bookkeeping per packet.
        if status == 0, size > 0 { creditPerPoll = max(4096, Int(size) / 6) }
    }

    /// The next frame, without waiting.
    ///
    /// - Returns: nil when nothing is there; only then may the thread sleep.
    /// - Throws: `connectionLost`, also when the peer was silent for two heartbeats.
    func nextFrame() throws(AMQPError) -> Frame? {
        var frame = unsafe amqp_frame_t()
        var noTime = timeval()
        let status = unsafe amqp_simple_wait_frame_noblock(handle, &frame, &noTime)
        if status == AMQP_STATUS_TIMEOUT.rawValue { return nil }
        guard status == AMQP_STATUS_OK.rawValue else { throw Self.lost(status, while: "reading") }
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
                BodyFragment(bytes: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len))
            )
        default: return .ignored
        }
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

    /// Frees everything, closing the socket; sends nothing but TLS's own goodbye.
    func close() {
        guard isOpen else { return }
        isOpen = false
        watch.enter(limit: .seconds(2))
        unsafe amqp_destroy_connection(handle)
        watch.leave()
        watch.release()
    }

    /// An error of the library, in words.
    static func lost(_ status: Int32, while doing: String) -> AMQPError {
        let text =
            switch status {
            case AMQP_STATUS_HEARTBEAT_TIMEOUT.rawValue: "the broker was silent for two heartbeats"
            case AMQP_STATUS_CONNECTION_CLOSED.rawValue, AMQP_STATUS_SOCKET_CLOSED.rawValue:
                "the connection was closed without a word"
            default: unsafe amqp_error_string2(status).map { unsafe String(cString: $0) } ?? "unknown error"
            }
        return AMQPError(
            .connectionLost,
            "\(text), while \(doing)",
            level: .connection,
            libraryCode: status
        )
    }
}
