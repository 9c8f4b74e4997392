import Bridge
import Contracts
import SMSCore
import TestSupport
import Testing

@Suite("The fan-out of campaigns", .timeLimit(.minutes(3)))
struct CampaignWorkerTests {
    private func inLane(_ bench: CampaignBench) -> Int {
        bench.publisher.published.count { $0.exchange == "sms.commands" }
    }

    @Test("keeps a limited number of a campaign's commands in the lane, and goes on as they are carried out")
    func limit() async throws {
        let bench = CampaignBench(laneLimit: 150)
        try await bench.take(Campaigns.body(400))
        #expect(try await bench.work() == .watching)
        #expect(inLane(bench) == 150)
        #expect(try await bench.serveLane() == 150)
        try await bench.work()
        #expect(inLane(bench) == 300)
        try await bench.finish()
        #expect(await bench.sent() == (0..<400).map(Campaigns.number))
    }

    @Test("lets several campaigns take turns")
    func turns() async throws {
        let bench = CampaignBench(laneLimit: 200)
        for id in ["a", "b"] { try await bench.take(Campaigns.body(200, id: id)) }
        try await bench.work()
        let campaigns = try bench.publisher.published.filter { $0.exchange == "sms.commands" }.map {
            try SendCommand.read($0.body, now: bench.flowNow).command.campaignID ?? ""
        }
        #expect(campaigns.count == 400)
        #expect(Set(campaigns.prefix(200)) == ["a", "b"])
    }

    @Test("stops while a campaign is paused")
    func pause() async throws {
        let bench = CampaignBench()
        try await bench.take(Campaigns.body(50))
        let number = try await bench.campaign("spring").number
        #expect(try await bench.store.pauseCampaign(number, true, at: bench.flowNow))
        try await bench.finish()
        #expect(inLane(bench) == 0)
        bench.clock.pass(.seconds(6))
        try await bench.finish()
        #expect(bench.kinds == ["started", "progress"])
        #expect(try bench.lastEvent().data.state == "paused")
        #expect(try bench.lastEvent().data.pending == 50)
        #expect(try await bench.store.pauseCampaign(number, false, at: bench.flowNow))
        try await bench.finish()
        #expect(await bench.sent().count == 50)
    }

    @Test("waits for send_at, and ends what is over by itself")
    func times() async throws {
        let bench = CampaignBench(laneLimit: 10)
        let sendAt = (bench.flowNow + .seconds(60)).rfc3339
        let expiresAt = (bench.flowNow + .seconds(90)).rfc3339
        try await bench.take(Campaigns.body(30, more: #", "send_at": "\#(sendAt)", "expires_at": "\#(expiresAt)""#))
        try await bench.finish()
        #expect(inLane(bench) == 0)
        bench.clock.pass(.seconds(60))
        try await bench.work()
        #expect(inLane(bench) == 10)
        _ = try await bench.serveLane()
        bench.clock.pass(.seconds(30))
        try await bench.finish()
        let event = try bench.lastEvent()
        #expect(event.data.accepted == 10)
        #expect(event.data.expired == 20)
        #expect(event.data.state == "completed")
        #expect(try bench.outcomes()["expired"]?.count == 20)
    }

    @Test("cancels what waits at once, and what is in the lane when its turn comes")
    func cancel() async throws {
        let bench = CampaignBench(laneLimit: 100)
        try await bench.take(Campaigns.body(300))
        try await bench.work()
        #expect(try await bench.serveLane() == 100)
        try await bench.work()
        try await bench.cancel("spring")
        try await bench.work()
        var counts = try await bench.campaign("spring").counts
        #expect(counts[.cancelled] == 100)
        #expect(counts[.accepted] == 100)
        #expect(counts[.handed] == 100)
        try await bench.finish()
        counts = try await bench.campaign("spring").counts
        #expect(counts.byState == [.accepted: 100, .cancelled: 200, .invalid: 2])
        #expect(await bench.sent().count == 100)
        #expect(try bench.outcomes()["cancelled"]?.count == 200)
        #expect(try bench.lastEvent().type == "sms.campaign.completed")
        #expect(try bench.lastEvent().data.state == "cancelled")
        // A cancellation does nothing to a campaign that is over.
        try await bench.cancel("spring")
        #expect(try await bench.store.bar(on: Samples.id("x"), campaignID: "summer") == nil)
    }

    @Test("a cancellation may overtake its campaign")
    func overtaken() async throws {
        let bench = CampaignBench()
        try await bench.cancel("spring")
        try await bench.take(Campaigns.body(20))
        try await bench.finish()
        #expect(await bench.sent() == [])
        #expect(try bench.lastEvent().data.cancelled == 20)
        #expect(bench.kinds == ["started", "completed"])
    }

    @Test("progress comes every five seconds at most, when something has changed, and once without a change")
    func progress() async throws {
        let bench = CampaignBench(laneLimit: 10)
        try await bench.take(Campaigns.body(30))
        try await bench.work()
        bench.clock.pass(.seconds(4))
        try await bench.work()
        #expect(bench.kinds == ["started"])
        bench.clock.pass(.seconds(1))
        try await bench.work()
        #expect(bench.kinds == ["started", "progress"])
        bench.clock.pass(.seconds(60))
        try await bench.work()
        #expect(bench.kinds == ["started", "progress"])
        _ = try await bench.serveLane()
        try await bench.work()
        #expect(bench.kinds == ["started", "progress", "progress"])
        let data = try bench.lastEvent().data
        #expect(data.accepted == 10)
        #expect(data.accepted + data.invalid + data.pending == data.recipients)
    }

    @Test("an uncertain command counts as uncertain until it is settled")
    func uncertain() async throws {
        let bench = CampaignBench([.uncertain(reason: "silence", nil)])
        try await bench.take(#"{"id": "c", "text": "hi", "recipients": ["14155550101"]}"#)
        try await bench.finish()
        #expect(try await bench.campaign("c").counts.byState == [.uncertain: 1])
        #expect(try await bench.campaign("c").event.uncertain == 1)
        while let (level, carrier, _) = bench.publisher.takeCarrier() {
            bench.clock.pass(level.duration)
            var message = carrier
            message.exchange = "sms.commands"
            let delivery = CommandDelivery(message: message, isRedelivered: false, connection: 1) {
                true
            } giveBack: {
            }
            try await bench.outbound.handle(delivery)
        }
        try await bench.finish()
        #expect(try bench.lastEvent().data.failed == 1)
        #expect(try bench.lastEvent().data.uncertain == 0)
    }

    @Test("commands of another client with the campaign's id are not commands of the campaign")
    func foreign() async throws {
        let bench = CampaignBench()
        try await bench.take(Campaigns.body(1))
        let body = #"{"to": "\#(Campaigns.number(0))", "text": "x", "campaign_id": "spring"}"#
        try await bench.outbound.handle(bench.delivery(body, id: "mine", key: "send"))
        #expect(try await bench.campaign("spring").counts[.accepted] == 0)
    }
}

extension CampaignBench {
    var flowNow: Timestamp { Bench.start + clock.now.offset }
}
