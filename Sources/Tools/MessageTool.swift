package import App
package import Bridge
package import Contracts
package import SMSCore

/// Messages for the command line: in the service's own store, whether it runs or not.
package struct MessageTool: Sendable {
    /// How many messages are read at a time.
    private static let page = 200

    private let store: any Store
    private let desk: MessageDesk

    /// A tool, for one of its functions: each closes the store.
    ///
    /// - Throws: `StoreError` when the store cannot be opened.
    package init(settings: Settings) async throws {
        store = try await settings.store.open()
        desk = MessageDesk(messages: store, receipts: store)
    }

    /// Hands messages to a body, the newest first.
    ///
    /// - Parameters:
    ///   - query: which; its limit and its place do not matter.
    ///   - limit: how many at most.
    ///   - body: called with each.
    /// - Throws: what the store and the body throw.
    package func walk(_ query: MessageQuery, limit: Int, _ body: (MessageView) throws -> Void) async throws {
        var query = query
        var left = limit
        while left > 0 {
            query.limit = min(left, Self.page)
            let listing = try await desk.list(query)
            for item in listing.items { try body(item) }
            left -= listing.items.count
            guard let next = listing.next else { break }
            query.after = next
        }
        try await store.close()
    }

    /// A message with its receipts, and what is known of it in order; nil for one that is unknown.
    ///
    /// - Throws: what the store throws.
    package func show(_ id: CommandID) async throws -> (message: MessageView, timeline: [TimelineItem])? {
        let account = try await desk.account(of: id)
        try await store.close()
        return account
    }
}
