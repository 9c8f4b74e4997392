import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// One log line for each request that was turned away before its content was looked at: 404, 405, 413, a body that
/// broke off.
///
/// A webhook that is lost this way leaves no other trace. Any client can cause such lines, so their number is limited;
/// the next one says how many were left out.
final class RefusedRequestLog: Sendable {
    private let logger: Logger
    private let allowance = Mutex(LineAllowance(now: .now))

    /// A log for one port.
    ///
    /// - Parameter logger: where the lines go.
    init(logger: Logger) {
        self.logger = logger
    }

    /// Notes a request that was turned away.
    ///
    /// - Parameters:
    ///   - request: the request; only its method and path are logged.
    ///   - status: what it was answered.
    func note(_ request: Request, _ status: HTTPResponse.Status) {
        guard let unlogged = allowance.withLock({ $0.take(now: .now) }) else { return }
        var metadata: Logger.Metadata = [
            HTTPLogKey.method: "\(request.method.rawValue.prefix(20))",
            HTTPLogKey.path: "\(LoggedPath.of(request.uri.path))",
            HTTPLogKey.status: .stringConvertible(status.code),
        ]
        if unlogged > 0 { metadata[HTTPLogKey.unlogged] = .stringConvertible(unlogged) }
        // A wrong address is common on the internet; half a webhook, or one that is too long, is not.
        let isEveryday = status == .notFound || status == .methodNotAllowed
        logger.log(level: isEveryday ? .info : .warning, "a request was turned away", metadata: metadata)
    }
}

/// How many lines may be written: some at once, then one a second.
struct LineAllowance {
    private static let burst = 30

    private var left = LineAllowance.burst
    private var unlogged = 0
    private var earned: ContinuousClock.Instant

    /// The full allowance.
    ///
    /// - Parameter now: the time.
    init(now: ContinuousClock.Instant) {
        earned = now
    }

    /// Takes a line.
    ///
    /// - Parameter now: the time.
    /// - Returns: how many lines were left out since the last one; `nil` when this one is left out too.
    mutating func take(now: ContinuousClock.Instant) -> Int? {
        let seconds = max(0, (now - earned).components.seconds)
        earned += .seconds(seconds)
        left = Int(min(Int64(Self.burst), Int64(left) + seconds))
        guard left > 0 else {
            unlogged += 1
            return nil
        }
        left -= 1
        defer { unlogged = 0 }
        return unlogged
    }
}

/// A request's path as it may stand in the log.
enum LoggedPath {
    private static let limit = 100

    /// Takes out of a path what must not be logged.
    ///
    /// It is cut where something like a query begins, for the webhooks' token ends up in the path when `?` was mistyped
    /// or encoded; `…` shows it. Nothing but printable ASCII is let through, and of a long number the last three
    /// digits.
    ///
    /// - Parameter path: the path as received, without the query.
    /// - Returns: at most 100 characters, and `…`.
    static func of(_ path: String) -> String {
        let printable = path.unicodeScalars.filter { ("!"..."~").contains($0) }
        let kept = printable.prefix(limit).prefix { !"?&;=%".unicodeScalars.contains($0) }
        let text = masked(Substring(kept))
        return kept.count < printable.count ? text + "…" : text
    }

    private static func masked(_ text: Substring) -> String {
        var masked = ""
        var rest = text
        while let first = rest.first {
            let isDigit = ("0"..."9").contains(first)
            let run = rest.prefix { ("0"..."9").contains($0) == isDigit }
            let hidden = isDigit && run.count > 4 ? run.count - 3 : 0
            masked += String(repeating: "*", count: hidden) + run.dropFirst(hidden)
            rest = rest[run.endIndex...]
        }
        return masked
    }
}
