import Contracts
import SMSCore
import Synchronization
import TestSupport
import Testing

@testable import Bridge

/// Notes what is reported for traces.
final class RecordingTraces: TraceSink {
    private let entries = Mutex<[String]>([])

    var all: [String] { entries.withLock { $0 } }

    func attempted(_ record: MessageRecord, _ outcome: SubmitOutcome, took duration: Duration) {
        note("attempted \(record.id) \(outcome.label)")
    }

    func ended(_ record: MessageRecord) {
        note("ended \(record.id) \(record.settlement?.outcome.rawValue ?? "open")")
    }

    func received(_ receipt: SeenReceipt, of record: MessageRecord?) {
        note("received \(receipt.status) of \(record?.id.text ?? "none")")
    }

    func answered(_ kind: WebhookKind, _ result: String, took duration: Duration) {
        note("answered \(kind.rawValue) \(result)")
    }

    private func note(_ entry: String) { entries.withLock { $0.append(entry) } }
}

@Suite("What is reported for traces", .timeLimit(.minutes(3)))
struct TraceSinkTests {
    @Test("is each request of a command, and its end once")
    func command() async throws {
        let bench = Bench([.unavailable(reason: "no route", nil), .accepted(messageUUID: "u-1")])
        let traces = RecordingTraces()
        var parts = bench.flow.parts
        parts.traces = traces
        let flow = OutboundFlow(parts, policy: bench.flow.policy, clock: bench.clock)
        try await flow.handle(bench.delivery())
        var hops = 0
        while hops < 10, let carrier = bench.publisher.takeCarrier() {
            bench.clock.pass(max(.zero, carrier.due - bench.clock.now.offset))
            var message = carrier.message
            message.exchange = "sms.commands"
            try await flow.handle(bench.delivery(of: message))
            hops += 1
        }
        #expect(traces.all == ["attempted a-1 unavailable", "attempted a-1 accepted", "ended a-1 accepted"])
        // A repeat publishes the outcome once more, and is no second end.
        try await flow.handle(bench.delivery())
        #expect(traces.all.count == 3)
    }

    @Test("is nothing where there are none")
    func off() async throws {
        let bench = Bench()
        #expect(bench.flow.parts.traces == nil)
        #expect(bench.flow.report.traces == nil)
        try await bench.flow.handle(bench.delivery())
        #expect(bench.publisher.routes == ["sms.outbound/accepted"])
    }
}

@Suite("Commands under way")
struct CommandsUnderWayTests {
    @Test("are as old as the oldest one of their lane, and none is left at their end")
    func oldest() {
        let underWay = CommandsUnderWay()
        let start = ContinuousClock.now
        #expect(underWay.oldest(.send, at: start) == .zero)
        let first = underWay.begin(.send, at: start)
        let second = underWay.begin(.send, at: start + .seconds(5))
        let bulk = underWay.begin(.bulk, at: start + .seconds(1))
        #expect(underWay.oldest(.send, at: start + .seconds(10)) == .seconds(10))
        #expect(underWay.oldest(.bulk, at: start + .seconds(10)) == .seconds(9))
        underWay.end(first)
        #expect(underWay.oldest(.send, at: start + .seconds(10)) == .seconds(5))
        underWay.end(second)
        underWay.end(bulk)
        #expect(underWay.oldest(.send, at: start + .seconds(10)) == .zero)
        #expect(underWay.oldest(.bulk, at: start + .seconds(10)) == .zero)
    }

    @Test("are under way while they are handled, also where the handler throws")
    func during() async throws {
        let underWay = CommandsUnderWay()
        let bench = Bench()
        await #expect(throws: CancellationError.self) {
            try await underWay.during(bench.delivery(lane: .bulk)) { _ in
                #expect(underWay.oldest(.bulk, at: .now + .seconds(1)) >= .seconds(1))
                #expect(underWay.oldest(.send, at: .now + .seconds(1)) == .zero)
                throw CancellationError()
            }
        }
        #expect(underWay.oldest(.bulk, at: .now + .seconds(1)) == .zero)
    }
}
