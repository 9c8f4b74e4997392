package import SMSCore
import Testing

/// All ports of a store in one.
package typealias AnyStore = MessageStore & ReceiptStore & ListenerLog & SweepLog & EventSpool & CampaignStore
    & OptOutStore & ReplyStore & MessageSearch

/// One thing that every store has to do alike. A store's own tests run `all` of them, each on an empty store:
///
///     @Test("keeps the contract of the ports", arguments: StoreConformance.all)
///     func conformance(check: StoreConformance) async throws {
///         try await withStore { try await check.run(on: $0) }
///     }
package struct StoreConformance: Sendable, CustomTestStringConvertible {
    /// How many events a share of the spool must be made to hold.
    package static let spoolCapacity = 5
    /// How many bytes of events a share of the spool must be made to hold.
    package static let spoolByteCapacity = 10_000

    /// Every check there is.
    package static let all =
        ledger + lookups + sweeps + cancellations + acceptances + handling + anonymousIDs + receipts + listener + spool
        + campaigns + campaignRecipients + optOuts + replies + search

    private let sentence: String
    private let body: @Sendable (any AnyStore) async throws -> Void

    init(_ sentence: String, _ body: @escaping @Sendable (any AnyStore) async throws -> Void) {
        self.sentence = sentence
        self.body = body
    }

    package var testDescription: String { sentence }

    /// Runs the check; it notes issues with the running test.
    package func run(on store: any AnyStore) async throws {
        try await body(store)
    }
}
