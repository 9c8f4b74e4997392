import Bridge
import Contracts
import SMSCore
import TestSupport
import Testing

@Suite("A process that ends between two steps of a campaign", .timeLimit(.minutes(3)))
struct CampaignCrashTests {
    private struct Dies: Error {}

    /// Ends at a step, at its given occurrence.
    private static func dying<Step: Equatable & Sendable>(at step: Step, time: Int) -> @Sendable (Step) throws -> Void {
        let count = Counter()
        return { if $0 == step, count.next() == time { throw Dies() } }
    }

    /// Runs a campaign in one process that ends at a step, and to its end in the next.
    ///
    /// - Returns: the second process, and whether the first one ended so.
    private func run(
        _ count: Int,
        cancelling: Bool = false,
        first: CampaignBench
    ) async throws -> (CampaignBench, hasDied: Bool) {
        let body = Campaigns.body(count)
        func go(_ bench: CampaignBench, isAgain: Bool) async throws {
            if first.log.all.isEmpty { try await bench.take(body, isRedelivered: isAgain) }
            if cancelling {
                try await bench.work()
                _ = try await bench.serveLane()
                try await bench.cancel("spring")
            }
            try await bench.finish()
        }
        var hasDied = false
        do { try await go(first, isAgain: false) } catch is Dies { hasDied = true }
        let second = CampaignBench(after: first)
        try await go(second, isAgain: true)
        return (second, hasDied)
    }

    @Test("every number once, counts exact", arguments: CampaignStep.allCases, [1, 2])
    func everyStep(step: CampaignStep, time: Int) async throws {
        let first = CampaignBench(onStep: Self.dying(at: step, time: time))
        let (bench, hasDied) = try await run(620, first: first)
        #expect(await bench.sent() == (0..<620).map(Campaigns.number).sorted())
        let event = try bench.lastEvent()
        #expect(event.type == "sms.campaign.completed")
        #expect(event.data.recipients == 622)
        #expect(event.data.accepted == 620)
        #expect(event.data.invalid == 2)
        #expect(event.data.duplicates == Campaigns.duplicates(620))
        #expect(try bench.outcomes()["accepted"]?.count == 620)
        #expect(try bench.outcomes()["invalid"]?.count == 2)
        let often: [CampaignStep] = [.recipientsAdded, .recipientsClaimed, .commandsPublished, .recipientsHanded]
        #expect(hasDied == (step != .waitingSettled && (time == 1 || often.contains(step))))
    }

    @Test("cancelled: what was sent is accepted, the rest cancelled, each once", arguments: CampaignStep.allCases)
    func cancelled(step: CampaignStep) async throws {
        let first = CampaignBench(laneLimit: 100, onStep: Self.dying(at: step, time: 1))
        let (bench, _) = try await run(300, cancelling: true, first: first)
        let data = try bench.lastEvent().data
        #expect(data.state == "cancelled")
        #expect(data.accepted + data.cancelled == 300)
        #expect(data.invalid == 2)
        #expect(await bench.sent().count == data.accepted)
        #expect(Set(await bench.sent()).count == data.accepted)
        let outcomes = try bench.outcomes()
        #expect(outcomes["accepted", default: []].count == data.accepted)
        #expect(outcomes["cancelled", default: []].count == data.cancelled)
        #expect(outcomes["accepted", default: []].isDisjoint(with: outcomes["cancelled", default: []]))
    }

    @Test(
        "in the outbound flow: an outcome is counted once",
        arguments: [OutboundStep.outcomeWritten, .eventPublished, .replyPublished, .markedPublished]
    )
    func outbound(step: OutboundStep) async throws {
        let first = CampaignBench(onOutboundStep: Self.dying(at: step, time: 5))
        try await first.take(Campaigns.body(20))
        // The outcomes of the bad numbers pass the same steps; they come first.
        do {
            try await first.work()
            _ = try await first.serveLane()
        } catch is Dies {}
        let second = CampaignBench(after: first)
        for message in first.publisher.published where message.exchange == "sms.commands" {
            let delivery = CommandDelivery(message: message, isRedelivered: true, connection: 2) {
                true
            } giveBack: {
            }
            try await second.outbound.handle(delivery)
        }
        try await second.finish()
        #expect(await second.sent() == (0..<20).map(Campaigns.number))
        #expect(try second.lastEvent().data.accepted == 20)
        #expect(try second.lastEvent().data.recipients == 22)
    }
}

private final class Counter: Sendable {
    private let log = DeliveryLog()

    func next() -> Int {
        log.note("")
        return log.all.count
    }
}
