import TestSupport
import Testing

@testable import StoreSQLite

@Suite("Queries beside the normal path read no more than they answer for", .timeLimit(.minutes(3)))
struct QueryPlanTests {
    @Test(
        "each is answered through its index",
        arguments: [
            (
                SQLiteStore.pendingOfCampaign,
                "SEARCH message USING INDEX message_pending_by_campaign (campaign_id=? AND id>?)"
            ),
            (
                SQLiteStore.acceptances,
                "SEARCH message USING INDEX message_by_acceptance (sender=? AND state_since>? AND state_since<?)"
            ),
            (
                SQLiteStore.recipientsUnderWay,
                "SEARCH campaign_recipient USING INDEX campaign_recipient_under_way (campaign=? AND position>?)"
            ),
            (SQLiteStore.awaited, "SEARCH awaited_receipt USING INDEX awaited_receipt_by_acceptance (accepted_at<?)"),
            (SQLiteStore.toAsk, "SEARCH awaited_receipt USING INDEX awaited_receipt_to_ask (ask_at<?)"),
            (
                SQLiteStore.overdueCountQuery,
                "SEARCH awaited_receipt USING COVERING INDEX awaited_receipt_overdue (overdue_at>?)"
            ),
            (SQLiteStore.uncertain, "SEARCH message USING INDEX message_open (state=?)"),
            (SQLiteStore.openCounts, "SCAN message USING COVERING INDEX message_open"),
            (SQLiteStore.unpublishedCount, "SCAN message USING INDEX message_untold"),
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
