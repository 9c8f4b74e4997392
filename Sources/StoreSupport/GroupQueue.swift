import Synchronization

/// What callers have asked for and what has not begun yet.
///
/// A caller that finds nothing running starts a runner, which takes what waits out in groups until nothing does.
package final class GroupQueue<Element: Sendable>: Sendable {
    /// What adding an element means for the caller.
    package enum Entry {
        /// The queue is closed; the element was not added.
        case refused
        /// It is taken by the runner.
        case queued
        /// Nothing runs: the caller has to start a runner.
        case first
    }

    private struct State {
        var waiting: [Element] = []
        var isRunning = false
        var isClosed = false
    }

    private let limit: Int
    private let state = Mutex(State())

    /// An empty queue.
    ///
    /// `limit`: how many elements a group has at most, so that its first caller does not wait without end.
    package init(limit: Int) {
        self.limit = limit
    }

    /// How many elements wait.
    package var count: Int { state.withLock { $0.waiting.count } }

    /// Adds an element, in the order of calling.
    package func add(_ element: Element) -> Entry {
        state.withLock { state in
            if state.isClosed { return .refused }
            state.waiting.append(element)
            if state.isRunning { return .queued }
            state.isRunning = true
            return .first
        }
    }

    /// Takes the next group.
    ///
    /// - Returns: nil when nothing waits; the runner ends then.
    package func next() -> [Element]? {
        state.withLock { state in
            if state.waiting.isEmpty {
                state.isRunning = false
                return nil
            }
            let group = Array(state.waiting.prefix(limit))
            state.waiting.removeFirst(group.count)
            return group
        }
    }

    /// Takes no more elements; those that wait are still taken out.
    package func close() {
        state.withLock { $0.isClosed = true }
    }
}
