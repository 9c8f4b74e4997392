import Contracts
import Logging
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("Campaigns' commands that are lost", .timeLimit(.minutes(3)))
struct CampaignLostTests {
    /// What is in the lane, removed as by a purge.
    private func purge(_ bench: CampaignBench) -> [BrokerMessage] { bench.lane.take(from: bench.publisher.published) }

    private func handle(_ messages: [BrokerMessage], _ bench: CampaignBench) async throws {
        for message in messages {
            let delivery = CommandDelivery(message: message, isRedelivered: false, connection: 1) {
                true
            } giveBack: {
            }
            try await bench.outbound.handle(delivery)
        }
    }

    @Test("end as failed once they are as old as records, and are not sent when they still come")
    func purged() async throws {
        let bench = CampaignBench()
        try await bench.take(Campaigns.body(3))
        try await bench.work()
        let purged = purge(bench)
        #expect(purged.count == 3)
        bench.clock.pass(.seconds(86_000))
        try await bench.finish()
        #expect(try await bench.campaign("spring").counts[.handed] == 3)
        bench.clock.pass(.seconds(500))
        try await bench.finish()
        #expect(try bench.lastEvent().data.state == "completed")
        #expect(try bench.lastEvent().data.failed == 3)
        #expect(try bench.outcomes()["failed"]?.count == 3)
        let id = CommandID.ofCampaign(Samples.id("spring"), recipient: Campaigns.number(0))
        #expect(try await bench.store.record(of: id)?.settlement?.error?.code == .tooOld)
        try await handle(purged, bench)
        #expect(await bench.sent() == [])
    }

    @Test("end as expired an hour after expires_at")
    func expired() async throws {
        let bench = CampaignBench()
        let expiresAt = (Bench.start + .seconds(90)).rfc3339
        try await bench.take(Campaigns.body(2, more: #", "expires_at": "\#(expiresAt)""#))
        try await bench.work()
        let purged = purge(bench)
        bench.clock.pass(.seconds(3_600))
        try await bench.finish()
        #expect(try await bench.campaign("spring").counts[.handed] == 2)
        bench.clock.pass(.seconds(100))
        try await bench.finish()
        #expect(try bench.lastEvent().data.expired == 2)
        #expect(try bench.lastEvent().data.state == "completed")
        try await handle(purged, bench)
        #expect(await bench.sent() == [])
    }

    @Test("one whose outcome is known is counted as that, and one that is under way is left alone")
    func known() async throws {
        let bench = CampaignBench()
        try await bench.take(Campaigns.body(2))
        try await bench.work()
        _ = purge(bench)
        let ids = (0..<2).map { CommandID.ofCampaign(Samples.id("spring"), recipient: Campaigns.number($0)) }
        var accepted = Samples.accepted(ids[0].text, uuid: "u-1", at: Bench.start)
        accepted.facts.campaignID = "spring"
        _ = try await bench.store.save(accepted)
        bench.clock.pass(.seconds(86_500))
        // It was tried a minute ago, and waits in the broker.
        var pending = Samples.record(ids[1].text, campaign: "spring", at: Bench.start + .seconds(86_440))
        pending.lane = .bulk
        _ = try await bench.store.save(pending)
        try await bench.finish()
        let counts = try await bench.campaign("spring").counts
        #expect(counts[.accepted] == 1)
        #expect(counts[.handed] == 1)
        #expect(try await bench.store.record(of: ids[1])?.state == .pending)
    }

    @Test("one that was dead-lettered unread is counted by the header that names its campaign")
    func unread() async throws {
        let bench = CampaignBench()
        try await bench.take(Campaigns.body(3))
        try await bench.work()
        let message = try #require(purge(bench).first { $0.properties.messageID != nil })
        let id = try #require(message.properties.messageID.flatMap(CommandID.init))
        #expect(message.properties.headers["sms-campaign"] == .string("spring"))
        let logger = Logger.quiet
        let retrier = Retrier(logger: logger, clock: bench.clock)
        let ledger = CampaignLedger(store: bench.store, retrier: retrier, logger: logger)
        let poison = EventError(.poison, detail: "")
        let end = Settlement(outcome: .failed, messageUUID: nil, error: poison, at: Bench.start)
        let record = MessageRecord(id: id, bodyDigest: "d", lane: .bulk, facts: MessageFacts(), now: Bench.start)
        try await ledger.count(end, of: record, by: message)
        #expect(try await bench.campaign("spring").counts[.failed] == 1)
        // A command whose id does not match is not one of the campaign.
        let other = MessageRecord(
            id: Samples.id("other"),
            bodyDigest: "d",
            lane: .bulk,
            facts: MessageFacts(),
            now: Bench.start
        )
        try await ledger.count(end, of: other, by: message)
        #expect(try await bench.campaign("spring").counts[.failed] == 1)
    }
}
