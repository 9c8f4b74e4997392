import NIOCore
import Synchronization

/// A request body that records whether it was asked for.
///
/// The question "may the provider have this message?" depends on one fact: has a byte of the body been handed to the
/// socket? async-http-client does not say. It throws the same `deadlineExceeded` before and after, and its other errors
/// differ by version. So the body is a stream, which the library asks for after the head was written to an open connection,
/// and the gate is a switch with two exclusive ends:
///
/// - `take` by the library, when it asks for the body: from then on it counts as written;
/// - `close` by the caller, when the call has failed: from then on `take` gives nothing, ever.
///
/// The first one wins. "Not written" is therefore certain whatever the library does with a late task of its own, and
/// "written" may be reported of a body that was not written, which is the safe side.
///
/// The library asks once: it opens other connections after a failed connect, but never sends a request again that has been
/// given to one (`HTTP1ClientChannelHandler` fails it), and follows redirects only where that is configured. The gate
/// would not give the body a second time either.
final class RequestBodyGate: Sendable {
    private enum State {
        /// Exits: `taken`, `closed`.
        case waiting(ByteBuffer)
        /// No exit.
        case taken
        /// No exit.
        case closed
    }

    private let state: Mutex<State>

    init(_ body: ByteBuffer) {
        state = Mutex(.waiting(body))
    }

    /// Gives the body to the first caller, unless the gate was closed before.
    func take() -> ByteBuffer? {
        state.withLock { state in
            guard case .waiting(let body) = state else { return nil }
            state = .taken
            return body
        }
    }

    /// Closes the gate.
    ///
    /// - Returns: whether the body had been taken before, so that the provider may have it.
    func close() -> Bool {
        state.withLock { state in
            switch state {
            case .waiting:
                state = .closed
                return false
            case .taken:
                return true
            case .closed:
                return false
            }
        }
    }
}
