import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

/// The body did not arrive before its deadline; ends the stream of a request's parts.
struct RequestBodyLate: Error {}

extension Request {
    /// The body's bytes exactly as they arrived, without their transfer coding.
    ///
    /// The time it may take is the connection's business, see ``ConnectionStateMachine``.
    ///
    /// A client that waits for `100 Continue` gets it, unless it has announced too many bytes.
    ///
    /// - Parameters:
    ///   - limit: how many bytes are taken at most; of a longer body no more than this is read.
    ///   - context: the connection.
    /// - Returns: the whole body, never a part of it.
    /// - Throws: ``HTTPProblem`` with 413 for a body that is too long, and 503 for one that was too slow or broke off
    ///   (not 408, after which the provider never sends a webhook again, whatever made the link slow); the parser's
    ///   error for one that is malformed, which Hummingbird answers with 400.
    func bytes(upTo limit: Int, _ context: ConnectionContext) async throws -> [UInt8] {
        let announced = headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > limit { throw HTTPProblem.bodyTooLong(limit) }
        if headers.contains(.expect) { context.wantBody() }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(max(0, announced ?? 0))
        do {
            for try await piece in body {
                guard bytes.count + piece.readableBytes <= limit else { throw HTTPProblem.bodyTooLong(limit) }
                bytes += piece.readableBytesView
            }
        } catch let problem as HTTPProblem {
            throw problem
        } catch is RequestBodyLate {
            throw HTTPProblem.comeAgain(after: .seconds(1), "The request's body did not arrive in time.")
        } catch let error as HTTPParserError where error != .invalidEOFState {
            throw error
        } catch {
            throw HTTPProblem.brokenOff
        }
        // A stream that was cut short by cancellation ends like a complete one; half a body must not look like a forged
        // or broken webhook, for those are answered for good.
        if Task.isCancelled || announced.map({ $0 != bytes.count }) ?? false { throw HTTPProblem.brokenOff }
        return bytes
    }
}

extension HTTPProblem {
    fileprivate static func bodyTooLong(_ limit: Int) -> HTTPProblem {
        HTTPProblem(.contentTooLarge, "The request's body is longer than \(limit) bytes.")
    }

    fileprivate static var brokenOff: HTTPProblem {
        .comeAgain(after: .seconds(1), "The request did not arrive as a whole.")
    }
}
