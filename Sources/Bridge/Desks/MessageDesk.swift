package import Contracts
package import SMSCore

/// Looks for messages in the ledger, for HTTP and the command line.
package struct MessageDesk: Sendable {
    private let messages: any MessageStore & MessageSearch
    private let receipts: any ReceiptStore

    /// A desk over a store.
    package init(messages: any MessageStore & MessageSearch, receipts: any ReceiptStore) {
        self.messages = messages
        self.receipts = receipts
    }

    /// The messages that a query holds for, newest first.
    ///
    /// - Throws: what the store throws.
    package func list(_ query: MessageQuery) async throws -> MessageListing {
        let page = try await messages.messages(query)
        return MessageListing(items: page.records.map { MessageView($0) }, next: page.next)
    }

    /// A message with its receipts, and what is known of it in order; nil for one that is unknown.
    ///
    /// - Throws: what the store throws.
    package func account(of id: CommandID) async throws -> (message: MessageView, timeline: [TimelineItem])? {
        guard let record = try await messages.record(of: id) else { return nil }
        let receipts = try await receipts(of: record)
        return (MessageView(record, receipts: receipts), TimelineItem.all(of: record, receipts: receipts))
    }

    /// What is known of a message, in order; nil for one that is unknown.
    ///
    /// - Throws: what the store throws.
    package func timeline(of id: CommandID) async throws -> [TimelineItem]? {
        guard let record = try await messages.record(of: id) else { return nil }
        return TimelineItem.all(of: record, receipts: try await receipts(of: record))
    }

    /// Some of the messages that wait: at most `limit`.
    ///
    /// - Throws: what the store throws.
    package func open(_ kind: OpenKind, limit: Int) async throws -> [MessageView] {
        try await messages.openMessages(kind, limit: limit).map { MessageView($0) }
    }

    private func receipts(of record: MessageRecord) async throws -> [SeenReceipt] {
        guard let uuid = record.knownUUID else { return [] }
        return try await receipts.receipts(of: uuid)
    }
}
