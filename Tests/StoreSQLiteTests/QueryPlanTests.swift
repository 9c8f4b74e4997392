import Contracts
import SMSCore
import StoreSupport
import TestSupport
import Testing

@testable import StoreSQLite

@Suite("Queries beside the normal path read no more than they answer for", .timeLimit(.minutes(3)))
struct QueryPlanTests {
    @Test(
        "each is answered through its index",
        arguments: [
            (
                MessageRow.pendingOfCampaign,
                "SEARCH message USING INDEX message_pending_by_campaign (campaign_id=? AND id>?)"
            ),
            (
                MessageRow.acceptances,
                "SEARCH message USING INDEX message_by_acceptance (sender=? AND state_since>? AND state_since<?)"
            ),
            (
                CampaignRecipientRow.underWay(in: .sqlite),
                "SEARCH campaign_recipient USING INDEX campaign_recipient_under_way (campaign=? AND position>?)"
            ),
            (SQLiteStore.awaited, "SEARCH awaited_receipt USING INDEX awaited_receipt_by_acceptance (accepted_at<?)"),
            (SQLiteStore.toAsk, "SEARCH awaited_receipt USING INDEX awaited_receipt_to_ask (ask_at<?)"),
            (
                AwaitedReceiptRow.overdueCount,
                "SEARCH awaited_receipt USING COVERING INDEX awaited_receipt_overdue (overdue_at>?)"
            ),
            (MessageRow.uncertain, "SEARCH message USING INDEX message_open (state=?)"),
            (SQLiteStore.search(MessageQuery(limit: 1)).sql, "SCAN message USING INDEX message_by_creation"),
            (
                SQLiteStore.search(.through(since: true, to: false)).sql,
                "SEARCH message USING INDEX message_by_creation (created_at>? AND created_at<?)"
            ),
            (
                SQLiteStore.search(.through(since: true, to: true)).sql,
                "SEARCH message USING INDEX message_by_recipient (recipient=? AND created_at>? AND created_at<?)"
            ),
            (MessageRow.open(.uncertain, in: .sqlite), "SEARCH message USING INDEX message_open (state=?)"),
            (MessageRow.open(.waiting, in: .sqlite), "SEARCH message USING INDEX message_open (state=? AND wait>?)"),
            (OpenCountsRow.select, "SCAN message USING COVERING INDEX message_open"),
            (OpenCountsRow.unpublished, "SCAN message USING INDEX message_untold"),
        ]
    )
    func index(query: String, expected: String) async throws {
        try await withStore { store async throws in
            let plan = try await store.plan(of: query)
            #expect(plan.contains(expected), "\(plan)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
        }
    }
}

extension MessageQuery {
    /// A query for a later page, with some of its conditions.
    fileprivate static func through(since: Bool, to: Bool) -> MessageQuery {
        var query = MessageQuery(limit: 1)
        query.after = MessagePlace(createdAt: Samples.moment, tie: "1")
        query.from = "+14155550100"
        if since { query.since = Samples.moment }
        if to { query.to = "+14155550123" }
        return query
    }
}
