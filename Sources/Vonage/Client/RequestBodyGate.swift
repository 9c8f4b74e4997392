import NIOCore
import Synchronization

/// A request body that records whether it was asked for.
///
/// The question "may the provider have this message?" depends on one fact: has a byte of the body been handed to the
/// socket? async-http-client does not say. It throws the same `deadlineExceeded` before and after, and its other errors
/// differ by version. So the body is an async sequence of one element, which the library asks for after the head was
/// written to an open connection, and the gate is a switch with two exclusive ends:
///
/// - `take` by the library, when it asks for the element: from then on the body counts as written;
/// - `close` by the caller, when the call has failed: from then on `take` gives nothing, ever.
///
/// The first one wins. "Not written" is therefore certain whatever the library does with a late task of its own, and
/// "written" may be reported of a body that was not written, which is the safe side.
///
/// The library asks once: it opens other connections after a failed connect, but never sends a request again that has been
/// given to one (`HTTP1ClientChannelHandler` fails it), and follows redirects only where that is configured. The gate
/// would not give the element a second time either.
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
    fileprivate func take() -> ByteBuffer? {
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

extension RequestBodyGate: AsyncSequence {
    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let gate: RequestBodyGate
        fileprivate var isAtEnd = false

        /// The body, then the end.
        ///
        /// - Throws: `CancellationError` when the gate is closed: to end the sequence early would let the library write the
        ///   end of a body that was announced longer.
        mutating func next() async throws -> ByteBuffer? {
            guard !isAtEnd else { return nil }
            isAtEnd = true
            guard let body = gate.take() else { throw CancellationError() }
            return body
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(gate: self) }
}
