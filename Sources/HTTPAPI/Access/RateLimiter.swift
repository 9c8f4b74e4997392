import HTTPTypes
import Hummingbird
import SMSCore
import Synchronization

/// The rate limit of those paths that send, for all of them together.
final class RateLimiter: Sendable {
    /// Nil without a limit.
    private let windows: Mutex<RateWindows>?

    /// A limiter.
    init(_ limit: PaceLimit) {
        windows =
            switch limit {
            case .unlimited: nil
            case .limited(let count, let per, _): Mutex(RateWindows(limit: count, per: per))
            }
    }

    /// Counts a request.
    ///
    /// - Parameter caller: who made it.
    /// - Returns: how the caller stands; nil without a limit.
    func take(_ caller: APIAccess.Caller) -> RateWindows.Standing? {
        windows?.withLock { $0.take(caller.name, now: .now) }
    }
}

extension RateWindows.Standing {
    /// The header fields that show it; with `Retry-After` for a request beyond the limit.
    var headers: HTTPFields {
        var headers: HTTPFields = [
            .rateLimitLimit: "\(limit)",
            .rateLimitRemaining: "\(remaining)",
            .rateLimitReset: "\(reset.wholeSeconds)",
        ]
        if isOver { headers[.retryAfter] = "\(reset.wholeSeconds)" }
        return headers
    }
}
