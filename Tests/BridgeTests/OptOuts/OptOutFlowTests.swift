import Bridge
import Contracts
import SMSCore
import TestSupport
import Testing

@Suite("A number that has opted out gets no message", .timeLimit(.minutes(3)))
struct OptOutFlowTests {
    private func optOut(_ sender: String) -> OptOut {
        OptOut(
            number: "+14155550100",
            sender: sender,
            source: .keyword,
            keyword: "STOP",
            messageUUID: "u",
            at: Bench.start
        )
    }

    @Test("suppressed, with since when and why; nothing is sent, no dead letter", arguments: ["*", "+14155550199"])
    func suppressed(sender: String) async throws {
        let bench = Bench()
        #expect(try await bench.store.add(optOut(sender)))
        try await bench.flow.handle(bench.delivery())
        #expect(await bench.sender.sent.isEmpty)
        #expect(bench.publisher.routes == ["sms.outbound/suppressed"])
        let error = try #require(bench.publisher.events().first?.data.error)
        #expect(error.code == .optedOut)
        #expect(error.detail.contains("STOP") && error.detail.contains(Bench.start.rfc3339))
    }

    @Test("another sender's entry forbids nothing")
    func other() async throws {
        let bench = Bench()
        #expect(try await bench.store.add(optOut("Other")))
        try await bench.flow.handle(bench.delivery())
        #expect(await bench.sender.sent.count == 1)
    }

    @Test("a STOP that comes between two attempts forbids the second")
    func late() async throws {
        let bench = Bench(
            [.unavailable(reason: "503", nil), .accepted(messageUUID: "u")],
            schedule: RetrySchedule(delays: [.seconds(10)])
        )
        try await bench.flow.handle(bench.delivery())
        #expect(try await bench.store.add(optOut("*")))
        try await bench.travel()
        #expect(await bench.sender.sent.count == 1)
        #expect(try bench.publisher.events().map(\.type) == ["sms.outbound.suppressed"])
    }
}
