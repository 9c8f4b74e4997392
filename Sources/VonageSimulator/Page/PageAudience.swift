import Synchronization

/// The pages that are open now.
final class PageAudience: Sendable {
    private struct State {
        var pages: [Int: OpenPage] = [:]
        var next = 0
    }

    /// How many may be open at a time: a browser that opens more is answered 503.
    static let mostPages = 32

    private let state = Mutex(State())

    /// How many are open.
    var count: Int { state.withLock { $0.pages.count } }

    /// Lets a page in.
    ///
    /// - Returns: the page and its number, for ``leave(_:)``; `nil` when there are too many.
    func enter() -> (number: Int, page: OpenPage)? {
        state.withLock { state in
            guard state.pages.count < Self.mostPages else { return nil }
            state.next += 1
            let page = OpenPage()
            state.pages[state.next] = page
            return (state.next, page)
        }
    }

    /// Forgets a page.
    ///
    /// - Parameter number: its number.
    func leave(_ number: Int) { state.withLock { $0.pages[number] = nil } }

    /// Hands a change to every page.
    ///
    /// - Parameters:
    ///   - change: what happened.
    ///   - sequence: its number in the ledger.
    func publish(_ change: PageChange, _ sequence: Int) { notify { $0.add(change, sequence) } }

    /// Has every page sent the faults.
    func publishFaults() { notify { $0.noteFaults() } }

    /// Has every page forget what it shows.
    func clear() { notify { $0.clear() } }

    /// Has every page look whether its browser is still there.
    func beat() { notify { _ in } }

    private func notify(_ body: (inout PageBacklog) -> Void) {
        let pages = state.withLock { $0.pages.isEmpty ? [] : Array($0.pages.values) }
        for page in pages { page.notify(body) }
    }
}

/// One open page: what it has not been sent yet, and a signal that there is something.
final class OpenPage: Sendable {
    private let backlog = Mutex(PageBacklog())
    private let feed: AsyncStream<Void>.Continuation

    /// One element for each time that something may be there; it ends with the connection.
    let signals: AsyncStream<Void>

    init() {
        (signals, feed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        // The first batch is all that there is.
        feed.yield()
    }

    /// Changes what is to be sent, and says so.
    func notify(_ body: (inout PageBacklog) -> Void) {
        backlog.withLock { body(&$0) }
        feed.yield()
    }

    /// Takes what is to be sent next.
    func take(now: ContinuousClock.Instant) -> PageBacklog.Batch { backlog.withLock { $0.take(now: now) } }

    /// Notes that the page was sent all that was known at a change.
    func noteWhole(upTo sequence: Int) { backlog.withLock { $0.noteWhole(upTo: sequence) } }

    /// Ends the signals: the connection has gone.
    func end() { feed.finish() }
}
