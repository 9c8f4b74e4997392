import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

/// The bench's clock begins at 20:00 in Los Angeles, and at 13:00 in Tokyo.
@Suite("A campaign with a window", .timeLimit(.minutes(3)))
struct CampaignWindowTests {
    private static let opening = "2026-11-25T17:00:00.000Z"

    private func body(_ recipients: [String], _ more: String = "") -> String {
        let list = recipients.map { "\"+\($0)\"" }.joined(separator: ",")
        let window = #""window": {"start": "09:00", "end": "20:00"}"#
        return #"{"id": "spring", "text": "Hi", \#(window)\#(more), "recipients": [\#(list)]}"#
    }

    private func number(_ index: Int) -> String { "1415555\(1000 + index)" }

    @Test("those that wait keep no others out; when all wait, progress says when it goes on")
    func progress() async throws {
        let bench = CampaignBench(laneLimit: 20)
        let tokyo = (0..<10).map { "81901234\(1000 + $0)" }
        try await bench.take(body((0..<30).map(number) + tokyo))
        try await bench.work()
        #expect(try await bench.serveLane() == 20)
        #expect(await bench.sent().isEmpty)
        bench.clock.pass(.seconds(6))
        try await bench.finish()
        #expect(await bench.sent() == tokyo)
        bench.clock.pass(.seconds(6))
        try await bench.finish()
        let event = try bench.lastEvent()
        #expect(event.type == "sms.campaign.progress")
        #expect(event.data.resumesAt == Self.opening)
        #expect(event.data.accepted == 10 && event.data.pending == 30)
        #expect(event.id.hasSuffix("/\(Timestamp(rfc3339: Self.opening)?.milliseconds ?? 0)"))
    }

    @Test("what cannot be sent before expires_at ends as expired at once, and so does the campaign")
    func expired() async throws {
        let bench = CampaignBench()
        try await bench.take(body((0..<3).map(number), #", "expires_at": "2026-11-25T16:00:00Z""#))
        try await bench.finish()
        #expect(await bench.sent().isEmpty)
        let event = try bench.lastEvent()
        #expect(event.type == "sms.campaign.completed" && event.data.expired == 3 && event.data.resumesAt == nil)
        #expect(bench.clock.now.offset < .seconds(60))
    }
}
