import Contracts
import SMSCore
import StoreSupport
import TestSupport
import Testing

@testable import StoreSQLite

@Suite("Campaigns in the store over SQLite", .timeLimit(.minutes(3)))
struct CampaignStoreTests {
    @Test("20,000 recipients are written in chunks, and go through their states")
    func many() async throws {
        try await withStore { store async throws in
            let opened = try await store.openCampaign(
                CampaignRecord(id: Samples.id("c"), terms: CampaignTerms(), parts: 1, now: Samples.moment)
            )
            let campaign = try #require(opened).number
            _ = try await store.openPart(1, digest: "d", of: campaign)
            for start in stride(from: 0, to: 20_000, by: 500) {
                let chunk = (start..<start + 500).map { index in
                    CampaignEntry(key: "\(14_155_000_000 + index)", values: ["n": "x"])
                }
                #expect(try await store.addRecipients(chunk, toPart: 1, of: campaign, from: start))
            }
            let record = try #require(try await store.campaign(Samples.id("c")))
            #expect(record.counts.recipients == 20_000)
        }
    }

    @Test("each query is answered through its index", arguments: CampaignRecipientRow.Group.allCases)
    func plans(group: CampaignRecipientRow.Group) async throws {
        try await withStore { store async throws in
            let plan = try await store.plan(of: CampaignRecipientRow.select(group, in: SQLiteStore.Connection.dialect))
            #expect(
                plan == ["SEARCH campaign_recipient USING INDEX campaign_recipient_\(group.rawValue) (campaign=?)"]
            )
            let open = try await store.plan(of: CampaignRow.open)
            #expect(open == ["SCAN campaign USING INDEX campaign_open"])
        }
    }
}
