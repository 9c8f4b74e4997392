import Contracts
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Telemetry

@Suite("Traces", .timeLimit(.minutes(3)))
struct TraceTests {
    private let moment = Timestamp(milliseconds: 1_769_850_000_123)

    private func span(_ name: String = "send sms") -> TraceSpan {
        TraceSpan(name, .client, .derived(from: name), parentID: nil, from: moment, to: moment + .milliseconds(5))
    }

    @Test("a traceparent is read, also one of a later version")
    func traceparent() throws {
        let context = try #require(
            TraceContext(traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        )
        #expect(context.traceID == "0af7651916cd43dd8448eb211c80319c")
        #expect(context.spanID == "b7ad6b7169203331")
        #expect(context.isSampled)
        let unsampled = TraceContext(traceparent: "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-more")
        #expect(unsampled?.isSampled == false)
    }

    @Test(
        "what is no traceparent is none",
        arguments: [
            "", "00-t", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
        ]
    )
    func noTraceparent(text: String) {
        #expect(TraceContext(traceparent: text) == nil)
    }

    @Test("a name always has the same place, and another name another one")
    func derived() {
        let one = TraceContext.derived(from: "command a-1 0")
        #expect(one == .derived(from: "command a-1 0"))
        #expect(one != .derived(from: "command a-1 1"))
        #expect(one.traceID.count == 32 && one.spanID.count == 16)
        let child = one.span("attempt 1")
        #expect(child.traceID == one.traceID)
        #expect(child.spanID != one.spanID)
        #expect(child == one.span("attempt 1"))
        #expect(TraceContext(traceparent: "00-\(child.traceID)-\(child.spanID)-01") == child)
    }

    @Test("is written as OTLP's JSON has it")
    func document() throws {
        var full = span()
        full.attributes = ["sms.attempt": .integer(2), "sms.result": .string("accepted")]
        full.links = [TraceContext(traceID: "t", spanID: "s")]
        full.failure = "uncertain"
        full.parentID = "p"
        let bytes = OTLPDocument.bytes([full], resource: ["service.name": "sms-bridge"], version: "1.2.3")
        let text = String(decoding: bytes, as: UTF8.self)
        for part in [
            #"{"key":"service.name","value":{"stringValue":"sms-bridge"}}"#,
            #""scope":{"name":"sms-bridge","version":"1.2.3"}"#,
            #"{"key":"sms.attempt","value":{"intValue":"2"}}"#, #""kind":3"#,
            #""links":[{"spanId":"s","traceId":"t"}]"#,
            #""startTimeUnixNano":"1769850000123000000""#, #""endTimeUnixNano":"1769850000128000000""#,
            #""status":{"code":2,"message":"uncertain"}"#, #""parentSpanId":"p""#,
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(try JSONValue(parsing: bytes).members?["resourceSpans"] != nil)
        let plain = String(decoding: OTLPDocument.bytes([span()], resource: [:], version: "1"), as: UTF8.self)
        for part in ["status", "links", "parentSpanId"] { #expect(!plain.contains(part)) }
    }

    @Test("that find no room are dropped and counted, and hold nothing up")
    func bounded() {
        let queue = SpanQueue(limit: 3)
        for number in 0..<5 { queue.add(span("s-\(number)")) }
        #expect(queue.takeDroppedCount() == 2)
        #expect(queue.takeDroppedCount() == 0)
        #expect(queue.take(2).map(\.name) == ["s-0", "s-1"])
        queue.add(span("s-5"))
        #expect(queue.take(10).map(\.name) == ["s-2", "s-5"])
        #expect(queue.take(10).isEmpty)
    }

    /// What a collector answers, in order (the last one repeats), and what was counted.
    private final class Collector: Sendable {
        private let state: Mutex<(answers: [SpanExporter.Answer], posts: Int, counts: [SpanExporter.Result: Int])>

        init(_ answers: [SpanExporter.Answer]) {
            state = Mutex((answers, 0, [:]))
        }

        func post(_ body: [UInt8]) -> SpanExporter.Answer {
            state.withLock { state in
                state.posts += 1
                return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
            }
        }

        func count(_ result: SpanExporter.Result, _ number: Int) {
            state.withLock { $0.counts[result, default: 0] += number }
        }

        var posts: Int { state.withLock { $0.posts } }
        var counts: [SpanExporter.Result: Int] { state.withLock { $0.counts } }
    }

    private func exporter(_ queue: SpanQueue, _ collector: Collector, clock: any Clock<Duration>) -> SpanExporter {
        SpanExporter(
            queue,
            resource: [:],
            version: "1",
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            post: { collector.post($0) },
            count: { collector.count($0, $1) }
        )
    }

    @Test("go in batches, once each")
    func batches() async {
        let queue = SpanQueue()
        let collector = Collector([.taken])
        for number in 0..<(SpanExporter.batch + 1) { queue.add(span("s-\(number)")) }
        await exporter(queue, collector, clock: ContinuousClock()).flush()
        #expect(collector.posts == 2)
        #expect(collector.counts == [.exported: SpanExporter.batch + 1])
        await exporter(queue, collector, clock: ContinuousClock()).flush()
        #expect(collector.posts == 2)
    }

    @Test("that the collector refuses are counted as failed, and not sent again")
    func refused() async {
        let queue = SpanQueue(limit: 1)
        let collector = Collector([.refused(reason: "400")])
        for _ in 0..<3 { queue.add(span()) }
        await exporter(queue, collector, clock: ContinuousClock()).flush()
        #expect(collector.posts == 1)
        #expect(collector.counts == [.failed: 1, .dropped: 2])
        await exporter(queue, collector, clock: ContinuousClock()).flush()
        #expect(collector.posts == 1)
    }

    @Test("wait for a collector that is away, as long as it asks for, then go")
    func away() async {
        let queue = SpanQueue()
        let collector = Collector([
            .notNow(after: .seconds(7), reason: "503"), .notNow(after: nil, reason: "away"), .taken,
        ])
        queue.add(span())
        let clock = ImmediateClock()
        let exporter = exporter(queue, collector, clock: clock)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await exporter.run() }
            while collector.counts[.exported] != 1 { await Task.yield() }
            group.cancelAll()
        }
        #expect(collector.posts == 3)
        // The first look, the wait that was asked for, the second pause of our own.
        #expect(clock.slept.prefix(3) == [.seconds(2), .seconds(7), .seconds(2)])
    }
}
