import Bridge
import Contracts
import SMSCore
import TestSupport
import Testing

@Suite("Campaigns that come over HTTP", .timeLimit(.minutes(3)))
struct CampaignDeskTests {
    private let order = SendOrder(
        body: Array(#"{"id": "c", "message": "Hi", "recipients": ["+14155550100", "+14155550101"]}"#.utf8)
    )

    @Test("a pause right after the 202 takes effect, though the campaign is still in its queue")
    func earlyPause() async throws {
        let bench = CampaignBench()
        let queue = RecordingPublisher()
        let desk = CampaignDesk(flow: bench.flow, publisher: queue)
        #expect(try await desk.send(order) == .pending(Samples.id("c")))
        let message = try #require(queue.published.first)
        async let change = desk.pause(Samples.id("c"), true)
        try await bench.take(String(decoding: message.body, as: UTF8.self), id: message.properties.messageID)
        let answer = try await change
        #expect(answer == .done)
        #expect(try await bench.campaign("c").isPaused)
        try await bench.work()
        let commands = try await bench.serveLane()
        #expect(commands == 0, "\(bench.publisher.routes)")
        #expect(try await desk.pause(Samples.id("c"), false) == .done)
        try await bench.finish()
        #expect(await bench.sent().count == 2)
    }

    @Test("a pause of one that stays in its queue is put off, of one that was never enqueued it is refused")
    func latePause() async throws {
        let bench = CampaignBench()
        let clock = ImmediateClock()
        let desk = CampaignDesk(flow: bench.flow, publisher: RecordingPublisher(), clock: clock)
        _ = try await desk.send(order)
        #expect(try await desk.pause(Samples.id("c"), true) == .notYet)
        #expect(clock.now.offset == .seconds(3))
        #expect(try await desk.pause(Samples.id("unknown"), true) == .unknown)
        #expect(clock.now.offset == .seconds(3))
    }
}
