import Contracts
import SMSCore
import Testing

extension StoreConformance {
    static let campaignRecipients: [StoreConformance] = [
        StoreConformance("recipients are claimed in order, noted as handed, and keep their values until then") {
            store in
            let entries =
                ["3", "1", "2"].map { Samples.entry($0, name: "N\($0)") } + [CampaignEntry(key: "4", values: nil)]
            let campaign = try await store.running("c", entries).number
            let claimed = try await store.claimRecipients(of: campaign, limit: 2, at: Samples.moment)
            #expect(claimed.map(\.key) == ["3", "1"])
            #expect(claimed.map(\.values) == [["name": "N3"], ["name": "N1"]])
            #expect(claimed.allSatisfy { $0.state == .handing })
            #expect(try await store.handingRecipients(of: campaign, limit: 9) == claimed)
            #expect(try await store.handingRecipients(of: campaign, limit: 1) == [claimed[0]])
            try await store.noteHanded(claimed.map(\.position), of: campaign, at: Samples.moment)
            try await store.noteHanded(claimed.map(\.position), of: campaign, at: Samples.moment)
            #expect(try await store.handingRecipients(of: campaign, limit: 9) == [])
            let counts = try await store.counts("c")
            #expect(counts[.waiting] == 2)
            #expect(counts[.handed] == 2)
            #expect(counts[.handing] == 0)
            let all = try await store.recipients(of: campaign, after: -1, limit: 9)
            #expect(all.map(\.key) == ["3", "1", "2", "4"])
            #expect(all.map(\.values) == [nil, nil, ["name": "N2"], nil])
            #expect(try await store.recipients(of: campaign, after: all[1].position, limit: 1) == [all[2]])
            #expect(try await store.claimRecipients(of: campaign, limit: 9, at: Samples.moment).count == 2)
            #expect(try await store.claimRecipients(of: campaign, limit: 9, at: Samples.moment) == [])
        },
        StoreConformance("an outcome is counted exactly once, by whatever way it comes") { store in
            let campaign = try await store.running("c", [Samples.entry("1"), Samples.entry("2"), Samples.badEntry])
            func settle(_ key: String, _ outcome: Outcome, uuid: String? = nil) async throws -> Bool {
                try await store.settleRecipient(
                    key,
                    ofCampaign: campaign.id,
                    as: outcome,
                    messageUUID: uuid,
                    error: outcome == .accepted ? nil : Samples.error,
                    at: Samples.moment
                )
            }
            let claimed = try await store.claimRecipients(of: campaign.number, limit: 1, at: Samples.moment)
            // Before it was noted as handed.
            #expect(try await settle("1", .uncertain))
            #expect(try await !settle("1", .uncertain))
            try await store.noteHanded(claimed.map(\.position), of: campaign.number, at: Samples.moment)
            #expect(try await store.counts("c")[.uncertain] == 1)
            #expect(try await settle("1", .accepted, uuid: "u-1"))
            #expect(try await !settle("1", .accepted, uuid: "u-1"))
            #expect(try await !settle("1", .failed))
            #expect(try await !settle("9", .accepted))
            #expect(try await !settle("!12", .accepted))
            #expect(try await settle("2", .rejected))
            let counts = try await store.counts("c")
            #expect(counts.byState == [.accepted: 1, .rejected: 1, .invalid: 1])
            let all = try await store.recipients(of: campaign.number, after: -1, limit: 9)
            #expect(all.map(\.state) == [.accepted, .rejected, .invalid])
            #expect(all.map(\.messageUUID) == ["u-1", nil, nil])
            #expect(all.map(\.error) == [nil, Samples.error, Samples.badEntry.error])
            #expect(
                try await !store.settleRecipient(
                    "1",
                    ofCampaign: Samples.id("unknown"),
                    as: .accepted,
                    messageUUID: nil,
                    error: nil,
                    at: Samples.moment
                )
            )
        },
        StoreConformance("what is under way is known with its age, until it has an outcome") { store async throws in
            let campaign = try await store.running("c", (1...4).map { Samples.entry("\($0)") })
            let (number, later) = (campaign.number, Samples.moment + .seconds(60))
            func underWay(since moment: Timestamp, after: Int64 = -1, limit: Int = 9) async throws -> [String] {
                try await store.recipientsUnderWay(of: number, since: moment, after: after, limit: limit).map(\.key)
            }
            func settle(_ key: String, _ outcome: Outcome) async throws {
                let error = Samples.error
                #expect(
                    try await store.settleRecipient(
                        key,
                        ofCampaign: campaign.id,
                        as: outcome,
                        messageUUID: nil,
                        error: error,
                        at: later
                    )
                )
            }
            let first = try await store.claimRecipients(of: number, limit: 2, at: Samples.moment)
            #expect(try await underWay(since: later) == [], "they are being published")
            // One is uncertain before it was noted as handed.
            try await settle("1", .uncertain)
            try await store.noteHanded(first.map(\.position), of: number, at: later)
            let second = try await store.claimRecipients(of: number, limit: 1, at: later)
            try await store.noteHanded(second.map(\.position), of: number, at: later)
            #expect(try await underWay(since: Samples.moment - .milliseconds(1)) == [])
            #expect(try await underWay(since: Samples.moment) == ["1", "2"])
            #expect(try await underWay(since: later) == ["1", "2", "3"])
            #expect(try await underWay(since: later, after: first[0].position, limit: 1) == ["2"])
            try await settle("1", .failed)
            try await settle("2", .accepted)
            #expect(try await underWay(since: later) == ["3"])
        },
        StoreConformance("what waits is settled some at a time, and published afterwards") { store async throws in
            let entries = (1...5).map { Samples.entry("\($0)") } + [Samples.badEntry]
            let campaign = try await store.running("c", entries).number
            _ = try await store.claimRecipients(of: campaign, limit: 1, at: Samples.moment)
            func settle(_ limit: Int) async throws -> Int {
                try await store.settleWaiting(of: campaign, as: .cancelled, limit: limit, at: Samples.moment)
            }
            #expect(try await settle(3) == 3)
            #expect(try await settle(3) == 1)
            #expect(try await settle(3) == 0)
            var counts = try await store.counts("c")
            #expect(counts.byState == [.cancelled: 4, .handing: 1, .invalid: 1])
            #expect(counts.unpublished == 5)
            let unpublished = try await store.unpublishedRecipients(of: campaign, limit: 9)
            #expect(unpublished.map(\.key) == ["2", "3", "4", "5", "!12"])
            #expect(unpublished.map(\.values) == [nil, nil, nil, nil, nil])
            let positions = unpublished.prefix(2).map(\.position)
            try await store.noteRecipientsPublished(positions, of: campaign)
            try await store.noteRecipientsPublished(positions, of: campaign)
            #expect(try await store.unpublishedRecipients(of: campaign, limit: 2) == Array(unpublished[2..<4]))
            counts = try await store.counts("c")
            #expect(counts.unpublished == 3)
            #expect(counts.recipients == 6)
        },
        StoreConformance("the recipients of an invalid campaign go at once, the others with their campaign") { store in
            let bad = try await store.running("bad", [Samples.entry("1")])
            let good = try await store.running("good", [Samples.entry("1"), Samples.entry("2")])
            let later = Samples.moment + .seconds(60)
            try await store.endCampaign(bad.number, as: .invalid, at: Samples.moment, keepUntil: later)
            try await store.endCampaign(good.number, as: .completed, at: Samples.moment, keepUntil: later)
            while try await store.sweepCampaigns(now: Samples.moment) > 0 {}
            #expect(try await store.recipients(of: bad.number, after: -1, limit: 9) == [])
            #expect(try await store.recipients(of: good.number, after: -1, limit: 9).count == 2)
            #expect(try await store.campaign(bad.id) != nil)
            while try await store.sweepCampaigns(now: later) > 0 {}
            #expect(try await store.recipients(of: good.number, after: -1, limit: 9) == [])
            #expect(try await store.campaign(bad.id) == nil)
            #expect(try await store.campaign(good.id) == nil)
            #expect(try await store.openCampaign(Samples.campaign("good"))?.generation == 0)
        },
    ]
}
