import Bridge
import Contracts
import SMSCore
import Synchronization
import TestSupport
import Testing

/// The bench's clock begins at 2026-11-25T04:00Z: 20:00 the evening before in Los Angeles, 05:00 in Paris.
@Suite("A command with a window", .timeLimit(.minutes(3)))
struct OutboundWindowTests {
    private static let opening = "2026-11-25T17:00:00.000Z"

    private func body(_ window: String, _ more: String = "", to: String = "+14155550100") -> String {
        #"{"to": "\#(to)", "text": "Hello", "window": \#(window)\#(more)}"#
    }

    private let day = #"{"start": "09:00", "end": "20:00"}"#

    @Test("waits in the broker until its window opens, in the recipient's zone, and is sent within a second")
    func waits() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(body(day)))
        #expect(await bench.sender.sent.isEmpty)
        let record = try #require(try await bench.record())
        let wait = try #require(record.wait(at: bench.now))
        #expect(wait.reason == .window && wait.until.rfc3339 == Self.opening)
        #expect(MessageView(record, receipts: [], now: bench.now).waiting?.reason == "window")
        let entry = try #require(TimelineItem.all(of: record, receipts: []).last)
        #expect(entry.what == "waiting" && entry.detail == "window" && entry.until == Self.opening)
        try await bench.travel()
        #expect(await bench.sender.sent.count == 1)
        let opening = try #require(Timestamp(rfc3339: Self.opening))
        #expect(bench.now >= opening && bench.now < opening + .seconds(1))
    }

    @Test("is sent at once while its window is open, by the zone that it names")
    func open() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(body(#"{"start": "05:00", "end": "06:00", "tz": "Europe/Paris"}"#)))
        #expect(await bench.sender.sent.count == 1)
    }

    @Test("expires at once, with the reason, where its window opens after expires_at, or never")
    func expired() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(body(day, #", "expires_at": "2026-11-25T17:00:00Z""#)))
        try await bench.flow.handle(bench.delivery(body(day, to: "+881612345678"), id: "a-2"))
        let events = try bench.publisher.events()
        #expect(events.map(\.type) == ["sms.outbound.expired", "sms.outbound.expired"])
        #expect(events[0].data.error?.detail.contains("opens at \(Self.opening), and expires_at is") == true)
        #expect(events[1].data.error?.detail.contains("zone of the number is not known") == true)
        #expect(bench.publisher.carriers.isEmpty && bench.clock.slept.isEmpty)
        #expect(await bench.sender.sent.isEmpty)
    }

    @Test("is looked at again for each attempt: a retry that falls behind the end waits for the next day")
    func retry() async throws {
        let bench = Bench(
            [.unavailable(reason: "503", nil), .accepted(messageUUID: "u")],
            schedule: RetrySchedule(delays: [.seconds(3600)])
        )
        try await bench.flow.handle(bench.delivery(body(#"{"start": "19:00", "end": "20:30"}"#)))
        #expect(await bench.sender.sent.count == 1)
        try await bench.travel()
        #expect(await bench.sender.sent.count == 2)
        let next = try #require(Timestamp(rfc3339: "2026-11-26T03:00:00Z"))
        #expect(bench.now >= next && bench.now < next + .seconds(1))
    }

    /// One request in thirty seconds: of two commands the second one's slot is behind the end of ``minute``.
    private let slow = PaceLimit.limited(count: 1, per: .seconds(30), unit: .requests)
    private let minute = #"{"start": "20:00", "end": "20:01"}"#

    /// Sends a command half a second before the minute is over, and takes another one with the window.
    private func handleTwo(_ bench: Bench, _ steps: StepLog) async throws {
        bench.clock.pass(.milliseconds(59_500))
        try await bench.flow.handle(bench.delivery(id: "first"))
        #expect(await bench.sender.sent.count == 1)
        steps.clear()
        try await bench.flow.handle(bench.delivery(body(minute)))
        // It was let in inside its window, and its slot has come since.
        #expect(bench.now == Bench.start + .milliseconds(89_500))
        #expect(await bench.sender.sent.count == 1)
        let record = try #require(try await bench.record())
        #expect(record.attempts == 0 && record.wait(at: bench.now)?.reason == .window)
    }

    private func expectSentNextDay(_ bench: Bench) async throws {
        try await bench.travel()
        #expect(await bench.sender.sent.count == 2)
        let next = Bench.start + .seconds(86_400)
        #expect(bench.now >= next && bench.now < next + .seconds(1))
        #expect(try await bench.record()?.attempts == 1)
    }

    @Test("is looked at again behind the gate: one that waited there past its end takes no slot")
    func behindTheGate() async throws {
        let steps = StepLog()
        let bench = Bench(gate: .init(rate: slow), onStep: steps.note)
        try await bench.withRunningGate { bench in
            try await handleTwo(bench, steps)
            #expect(!steps.all.contains(.slotsTaken))
            try await expectSentNextDay(bench)
        }
    }

    @Test("is looked at again right before the request: an intent whose slot lies behind the end is taken back")
    func beforeTheRequest() async throws {
        let steps = StepLog()
        let bench = Bench(gate: .init(rate: slow, lead: .seconds(30)), onStep: steps.note)
        try await handleTwo(bench, steps)
        #expect(steps.all.contains(.intentWritten) && !steps.all.contains(.requestMade))
        try await expectSentNextDay(bench)
    }

    @Test("the process ends at any step: it is sent once, inside its window", arguments: OutboundStep.allCases)
    func crash(step: OutboundStep) async throws {
        let sender = ScriptedSender([.accepted(messageUUID: "u")])
        let first = Bench(
            boot: "one",
            sender: sender,
            onStep: { if $0 == step { throw TestProblem("dies at \(step)") } }
        )
        do { try await first.flow.handle(first.delivery(body(day))) } catch is TestProblem {}
        let second = Bench(boot: "two", after: first, sender: sender)
        try await second.flow.handle(second.delivery(body(day), isRedelivered: true))
        #expect(await sender.sent.isEmpty)
        try await second.travel()
        #expect(await sender.sent.count == 1)
        let opening = try #require(Timestamp(rfc3339: Self.opening))
        #expect(second.now >= opening)
        #expect(Set(try second.publisher.events().map(\.id)) == ["a-1/accepted"])
    }

    @Test("of bulk messages, SEND_WINDOWS holds; not in the other lane, and not where the command has its own")
    func sendWindows() async throws {
        let rules = try WindowRules.read("1=09:00-20:00").get()
        let bench = Bench(windows: rules)
        let plain = #"{"to": "+14155550100", "text": "Hello"}"#
        try await bench.flow.handle(bench.delivery(plain, id: "send"))
        try await bench.flow.handle(bench.delivery(plain, id: "bulk", lane: .bulk))
        let own = body(#"{"start": "20:00", "end": "21:00"}"#)
        try await bench.flow.handle(bench.delivery(own, id: "own", lane: .bulk))
        #expect(Set(try bench.publisher.events().map(\.id)) == ["send/accepted", "own/accepted"])
        try await bench.travel()
        #expect(await bench.sender.sent.count == 3)
    }
}

/// The steps that a flow has passed, in order.
private final class StepLog: Sendable {
    private let steps = Mutex<[OutboundStep]>([])

    var all: [OutboundStep] { steps.withLock { $0 } }

    func note(_ step: OutboundStep) { steps.withLock { $0.append(step) } }

    func clear() { steps.withLock { $0.removeAll() } }
}
