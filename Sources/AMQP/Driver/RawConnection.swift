internal import CRabbitMQ
internal import Glibc

/// The one owner of librabbitmq's handle: connects and logs in with it, has it decode frames, frees it at the end.
///
/// From the login on, the socket is read and written here and not by the library, whose calls may wait: bytes that came
/// are given to it to decode, frames to be sent are encoded by `WireBuffer`, and heartbeats are written here as well,
/// so that nothing is ever written into the middle of a frame. Belongs to one thread at a time: the dialler's until it
/// is handed over, the connection's afterwards. After any call has failed, only `close` is of use.
@safe
final class RawConnection {
    /// One frame, in Swift's terms.
    enum Frame {
        case method(channel: UInt16, InboundMethod)
        case header(channel: UInt16, bodySize: UInt64, AMQPProperties)
        case body(channel: UInt16, BodyFragment)
        /// A heartbeat, or something that is ignored.
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

        init(_ bytes: UnsafeRawBufferPointer) {
            unsafe self.bytes = bytes
        }

        var count: Int { unsafe bytes.count }

        /// Copies the bytes.
        func append(to body: inout [UInt8]) {
            unsafe body.append(contentsOf: bytes)
        }
    }

    let handle: amqp_connection_state_t
    let watch: CallWatch
    /// The broker connected to, without credentials.
    let endpoint: String
    private var isOpen = true
    var frameMaxBytes = AMQPLimits.frameMaxBytes
    var heartbeat = Heartbeat(seconds: 0, now: .now)
    /// Which RabbitMQ this is; nil when it says it is another broker.
    private(set) var brokerVersion: BrokerVersion?
    /// Nil without TLS.
    var session: TLSSession?

    /// Frames on their way out.
    var outgoing = WireBuffer()
    /// The socket may take bytes; false from when it took fewer than it was given until `poll` says otherwise.
    var isWritable = true
    /// TLS has to write before it can read on.
    var isReadHeldUp = false
    /// There may be bytes in the socket that were not read.
    var isReadable = true
    /// What the library had read together with the answer to the login was taken out of it.
    var isLibraryDrained = false
    let input = InputBuffer()

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

    /// Reads what was negotiated at login, and which broker it is.
    ///
    /// - Throws: `connectFailed` when the broker's frames are smaller than AMQP allows.
    func measure() throws(AMQPError) {
        frameMaxBytes = unsafe Int(amqp_get_frame_max(handle))
        if let problem = AMQPLimits.problem(frameMaxBytes: frameMaxBytes) {
            throw AMQPError(.connectFailed, "\(endpoint): \(problem)", level: .connection)
        }
        heartbeat = Heartbeat(seconds: unsafe Int(amqp_get_heartbeat(handle)), now: .now)
        if let properties = unsafe amqp_get_server_properties(handle) {
            brokerVersion = unsafe BrokerVersion(TableCoding.table(properties.pointee))
        }
    }

    /// Frees everything, closing the socket; sends nothing but TLS's own close.
    func close() {
        guard isOpen else { return }
        isOpen = false
        session = nil
        watch.enter(limit: .seconds(2))
        unsafe amqp_destroy_connection(handle)
        watch.leave()
        watch.release()
    }

    /// The peer was silent for two heartbeats.
    static var silent: AMQPError { lost(AMQP_STATUS_HEARTBEAT_TIMEOUT.rawValue, while: "reading") }

    /// An error of the library, in words.
    static func lost(_ status: Int32, while doing: String) -> AMQPError {
        let text =
            switch status {
            case AMQP_STATUS_HEARTBEAT_TIMEOUT.rawValue: "the broker was silent for two heartbeats"
            case AMQP_STATUS_CONNECTION_CLOSED.rawValue, AMQP_STATUS_SOCKET_CLOSED.rawValue:
                "the connection was closed without a reason"
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
