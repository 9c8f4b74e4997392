import Synchronization

/// How many connections there are at a time.
final class ConnectionSlots: Sendable {
    /// Whether a connection may stay.
    enum Taking: Equatable {
        case taken
        /// There are too many; `isNews` for the first refused since there was room.
        case refused(isNews: Bool)
    }

    private struct State {
        var count = 0
        var isFull = false
    }

    private let limit: Int
    private let state = Mutex(State())

    /// Slots for so many connections.
    ///
    /// - Parameter limit: how many, at least one.
    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// Takes a slot, which has to be given back with ``giveBack()`` if it was taken.
    ///
    /// - Returns: whether there was one.
    func take() -> Taking {
        state.withLock { state in
            guard state.count < limit else {
                defer { state.isFull = true }
                return .refused(isNews: !state.isFull)
            }
            state.count += 1
            return .taken
        }
    }

    /// Gives a slot back.
    func giveBack() {
        state.withLock { state in
            state.count -= 1
            // Somewhat below the limit, lest every connection be news while the server stays at it.
            if state.count < limit - limit / 10 { state.isFull = false }
        }
    }
}
