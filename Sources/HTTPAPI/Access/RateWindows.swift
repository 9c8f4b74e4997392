import SMSCore

/// How many requests each caller has made, in windows that begin with a caller's first request.
///
/// Pure: it reads no clock. It holds a bounded number of callers; where there are more, the one whose window ends first
/// is forgotten.
struct RateWindows {
    /// How a caller stands after a request.
    struct Standing: Equatable {
        /// Requests in a window.
        let limit: Int
        /// Requests left in this one.
        let remaining: Int
        /// How long until the next window.
        let reset: Duration
        /// Whether the request is one too many.
        let isOver: Bool
    }

    private struct Window {
        var used: Int
        let end: ContinuousClock.Instant
    }

    private let limit: Int
    private let length: Duration
    private let capacity: Int
    private var windows: [String: Window] = [:]

    /// No caller is known yet.
    ///
    /// - Parameters:
    ///   - limit: requests in a window.
    ///   - length: how long a window is.
    ///   - capacity: callers that are remembered.
    init(limit: Int, per length: Duration, capacity: Int = 10_000) {
        self.limit = limit
        self.length = length
        self.capacity = capacity
    }

    /// How many callers are remembered.
    var count: Int { windows.count }

    /// Counts a request; one that is too many costs nothing further.
    ///
    /// - Returns: how the caller stands with it.
    mutating func take(_ caller: String, now: ContinuousClock.Instant) -> Standing {
        var window = windows[caller].flatMap { $0.end > now ? $0 : nil } ?? Window(used: 0, end: now + length)
        let isOver = window.used >= limit
        if !isOver { window.used += 1 }
        if windows[caller] == nil { makeRoom(now) }
        windows[caller] = window
        return Standing(limit: limit, remaining: limit - window.used, reset: window.end - now, isOver: isOver)
    }

    /// How a caller stands, without another request.
    ///
    /// - Returns: the standing in the open window, with `isOver` where nothing is left of it; `nil` without one.
    func standing(of caller: String, now: ContinuousClock.Instant) -> Standing? {
        guard let window = windows[caller], window.end > now else { return nil }
        return Standing(
            limit: limit,
            remaining: limit - window.used,
            reset: window.end - now,
            isOver: window.used >= limit
        )
    }

    private mutating func makeRoom(_ now: ContinuousClock.Instant) {
        guard windows.count >= capacity else { return }
        windows = windows.filter { $0.value.end > now }
        guard windows.count >= capacity, let first = windows.min(by: { $0.value.end < $1.value.end }) else { return }
        windows[first.key] = nil
    }
}
