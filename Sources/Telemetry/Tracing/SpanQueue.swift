internal import Synchronization

/// Spans that wait for their export: so many at most; what finds no room is dropped and counted, and holds nothing up.
package final class SpanQueue: Sendable {
    private struct State {
        var spans: [TraceSpan] = []
        var droppedCount = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// An empty queue.
    ///
    /// - Parameter limit: how many spans it holds, 4,096 by default: some MiB.
    package init(limit: Int = 4096) {
        self.limit = limit
    }

    /// Adds a span, or drops it where there is no room.
    package func add(_ span: TraceSpan) {
        state.withLock { state in
            if state.spans.count < limit { state.spans.append(span) } else { state.droppedCount += 1 }
        }
    }

    /// Takes the oldest spans out.
    func take(_ count: Int) -> [TraceSpan] {
        state.withLock { state in
            let taken = Array(state.spans.prefix(count))
            state.spans.removeFirst(taken.count)
            return taken
        }
    }

    /// How many have been dropped since this was asked last.
    func takeDroppedCount() -> Int {
        state.withLock { state in
            defer { state.droppedCount = 0 }
            return state.droppedCount
        }
    }
}
