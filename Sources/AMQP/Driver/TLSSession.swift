internal import CRabbitMQ

/// OpenSSL's session of a connection.
///
/// The library made it and frees it when the socket is closed: not to be used after that. Belongs to one thread.
@safe
struct TLSSession {
    /// What became of a read or a write.
    enum Outcome {
        /// So many bytes, at least one.
        case bytes(Int)
        /// Nothing, until the socket can be read.
        case awaitsReading
        /// Nothing, until the socket can be written.
        case awaitsWriting
        /// The peer has closed TLS.
        case closed
        case failed
    }

    private let handle: OpaquePointer

    /// The session of an open socket; nil when OpenSSL has not shown it.
    init?(of socket: OpaquePointer) {
        guard let handle = unsafe crmq_session(socket) else { return nil }
        unsafe self.handle = handle
    }

    /// Reads one record at most.
    @unsafe
    func read(into room: UnsafeMutableRawBufferPointer) -> Outcome {
        ERR_clear_error()
        return unsafe outcome(SSL_read(handle, room.baseAddress, Int32(clamping: room.count)))
    }

    /// Writes one record at most; after a refusal the same bytes have to come first again.
    @unsafe
    func write(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        ERR_clear_error()
        return unsafe outcome(SSL_write(handle, bytes.baseAddress, Int32(clamping: bytes.count)))
    }

    private func outcome(_ result: Int32) -> Outcome {
        if result > 0 { return .bytes(Int(result)) }
        switch unsafe UInt32(bitPattern: SSL_get_error(handle, result)) {
        case CRMQ_TLS_WANTS_READ.rawValue: return .awaitsReading
        case CRMQ_TLS_WANTS_WRITE.rawValue: return .awaitsWriting
        case CRMQ_TLS_CLOSED.rawValue: return .closed
        default: return .failed
        }
    }
}
