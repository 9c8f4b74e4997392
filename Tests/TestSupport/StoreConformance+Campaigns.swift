import Contracts
import SMSCore
import Testing

extension CampaignStore {
    /// A campaign with some recipients, in one part, running.
    func running(_ id: String, _ entries: [CampaignEntry]) async throws -> CampaignRecord {
        let campaign = try #require(try await openCampaign(Samples.campaign(id)))
        _ = try await openPart(1, digest: "d", of: campaign.number)
        #expect(try await addRecipients(entries, toPart: 1, of: campaign.number, from: 0))
        try await closePart(1, problems: ProblemList(), of: campaign.number, at: Samples.moment)
        try await startCampaign(campaign.number, at: Samples.moment)
        return try #require(try await self.campaign(Samples.id(id)))
    }

    func counts(_ id: String) async throws -> CampaignCounts {
        try #require(try await campaign(Samples.id(id))).counts
    }
}

extension Samples {
    /// A campaign that no store has seen.
    static func campaign(_ id: String, parts: Int = 1) -> CampaignRecord {
        var terms = CampaignTerms()
        terms.text = "Hi {{name}}, \"é\" 🙂"
        terms.from = "+14155550199"
        terms.sendAt = moment + .seconds(60)
        terms.metadata = ["tenant": "acme"]
        var campaign = CampaignRecord(id: self.id(id), terms: terms, parts: parts, now: moment)
        campaign.correlationID = "corr-1"
        campaign.traceparent = "00-a-b-01"
        campaign.replay = 2
        return campaign
    }

    static func entry(_ key: String, name: String = "Ada") -> CampaignEntry {
        CampaignEntry(key: key, values: ["name": name])
    }

    static let badEntry = CampaignEntry(
        key: "!12",
        values: nil,
        error: EventError(.invalid, detail: "to: is none", problems: [Problem("to", "is none")])
    )
}

extension StoreConformance {
    static let campaigns: [StoreConformance] = [
        StoreConformance("a campaign is found as it was written, with its number") { store in
            #expect(try await store.campaign(Samples.id("c")) == nil)
            let opened = try #require(try await store.openCampaign(Samples.campaign("c", parts: 3)))
            #expect(opened.number > 0)
            #expect(try await store.campaign(Samples.id("c")) == opened)
            #expect(try await store.openCampaigns() == [opened])
            #expect(try await store.openCampaign(Samples.campaign("c")) == nil)
        },
        StoreConformance("an invalid campaign gives way to another, any other does not") { store in
            let first = try #require(try await store.openCampaign(Samples.campaign("c")))
            _ = try await store.openPart(1, digest: "d", of: first.number)
            let later = Samples.moment + .seconds(9)
            try await store.endCampaign(first.number, as: .invalid, at: later, keepUntil: later + .seconds(60))
            let ended = try #require(try await store.campaign(Samples.id("c")))
            #expect(ended.state == .invalid)
            #expect(ended.terms.text.isEmpty)
            #expect(ended.terms.from == first.terms.from)
            #expect(ended.keepUntil == later + .seconds(60))
            #expect(try await store.openCampaigns() == [])
            let second = try #require(try await store.openCampaign(Samples.campaign("c")))
            #expect(second.number != first.number)
            #expect(second.generation == 1)
            #expect(try await store.campaign(Samples.id("c")) == second)
            #expect(try await store.part(1, of: second.number) == nil)
            try await store.endCampaign(second.number, as: .completed, at: later, keepUntil: later)
            try await store.endCampaign(second.number, as: .invalid, at: later, keepUntil: later)
            #expect(try await store.campaign(Samples.id("c"))?.state == .completed)
            #expect(try await store.openCampaign(Samples.campaign("c")) == nil)
        },
        StoreConformance("a part is written from where it was left, and closed once") { store async throws in
            let campaign = try #require(try await store.openCampaign(Samples.campaign("c", parts: 2))).number
            let fresh = PartProgress(digest: "d1", position: 0, isClosed: false)
            #expect(try await store.part(1, of: campaign) == nil)
            #expect(try await store.openPart(1, digest: "d1", of: campaign) == fresh)
            #expect(try await store.openPart(1, digest: "other", of: campaign) == fresh)
            let entries = [Samples.entry("1"), Samples.entry("2"), Samples.badEntry]
            #expect(try await store.addRecipients(entries, toPart: 1, of: campaign, from: 0))
            // The same once more, as after a crash before the answer.
            #expect(try await !store.addRecipients(entries, toPart: 1, of: campaign, from: 0))
            #expect(try await store.addRecipients([Samples.entry("1")], toPart: 1, of: campaign, from: 3))
            #expect(try await !store.addRecipients(entries, toPart: 2, of: campaign, from: 0))
            let problems = ProblemList([Problem("text", "is bad")])
            for _ in 1...2 {
                try await store.closePart(1, problems: problems, of: campaign, at: Samples.moment)
                #expect(try await store.closedParts(of: campaign) == 1)
            }
            #expect(
                try await store.part(1, of: campaign) == PartProgress(digest: "d1", position: 4, isClosed: true)
            )
            for _ in 1...2 {
                try await store.addProblem(Problem("parts", "are missing"), to: campaign, at: Samples.moment)
            }
            let record = try #require(try await store.campaign(Samples.id("c")))
            #expect(record.problems.count == 2)
            #expect(record.problems.listed.map(\.field) == ["text", "parts"])
            #expect(record.counts.recipients == 3)
            #expect(record.counts[.waiting] == 2)
            #expect(record.counts[.invalid] == 1)
            #expect(record.counts.unpublished == 1)
            #expect(record.counts.duplicates == 1)
        },
        StoreConformance("a campaign starts once; one whose cancellation is noted is cancelled from the start") {
            store in
            let campaign = try await store.running("c", [Samples.entry("1")])
            #expect(campaign.state == .running)
            #expect(try await store.cancelCampaign(campaign.number, at: Samples.moment))
            #expect(try await !store.cancelCampaign(campaign.number, at: Samples.moment))
            try await store.startCampaign(campaign.number, at: Samples.moment)
            #expect(try await store.campaign(campaign.id)?.state == .cancelling)
            #expect(try await !store.pauseCampaign(campaign.number, true, at: Samples.moment))
            try await store.cancel(.campaign("d"), at: Samples.moment)
            #expect(try await store.running("d", [Samples.entry("1")]).state == .cancelling)
        },
        StoreConformance("pausing and publishing are noted, and change the version where counts or state do") { store in
            let campaign = try await store.running("c", [Samples.entry("1")])
            #expect(try await store.pauseCampaign(campaign.number, true, at: Samples.moment))
            let paused = try #require(try await store.campaign(campaign.id))
            #expect(paused.isPaused)
            #expect(paused.version > campaign.version)
            try await store.noteCampaignPublished(campaign.number, at: Samples.moment + .seconds(7))
            let published = try #require(try await store.campaign(campaign.id))
            #expect(published.isStartPublished)
            #expect(published.publishedAt == Samples.moment + .seconds(7))
            #expect(published.version == paused.version)
            #expect(try await store.pauseCampaign(campaign.number, false, at: Samples.moment))
            #expect(try await store.campaign(campaign.id)?.isPaused == false)
        },
        StoreConformance("replies are kept once each, and some dozens of them") { store in
            let campaign = try #require(try await store.openCampaign(Samples.campaign("c"))).number
            let first = CampaignReply(replyTo: "a", correlationID: nil)
            let second = CampaignReply(replyTo: "a", correlationID: "1", isReused: true)
            for reply in [first, second, first] { try await store.addReply(reply, to: campaign) }
            #expect(try await store.replies(of: campaign) == [first, second])
            for number in 1...100 {
                try await store.addReply(CampaignReply(replyTo: "b\(number)", correlationID: nil), to: campaign)
            }
            #expect(try await store.replies(of: campaign).count == CampaignReply.limit)
        },
    ]
}
