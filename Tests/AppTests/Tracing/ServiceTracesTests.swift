import App
import Contracts
import Logging
import SMSCore
import ServiceLifecycle
import Telemetry
import TestSupport
import Testing

@Suite("The service's traces", .timeLimit(.minutes(3)))
struct ServiceTracesTests {
    private static let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    private func receipt(_ status: String = "delivered") -> SeenReceipt {
        SeenReceipt(
            messageUUID: "u-1",
            commandID: Samples.id("a-1"),
            status: status,
            timestamp: "2026-01-31T09:00:00.000Z",
            error: nil,
            seenAt: Samples.moment
        )
    }

    /// Runs a body with traces that go to a collector, until it has got so many posts.
    private func export(
        posts count: Int = 1,
        statuses: [Int] = [200],
        _ environment: [String: String] = [:],
        _ report: @Sendable (ServiceTraces) -> Void
    ) async throws -> [TestCollector.Post] {
        var posts: [TestCollector.Post] = []
        try await TestCollector.with(statuses) { collector in
            let variables = ["OTEL_EXPORTER_OTLP_ENDPOINT": collector.url].merging(environment) { $1 }
            let queue = SpanQueue()
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let target = try settings(variables).traces
            let export = try #require(TraceExport(target, queue, interval: .milliseconds(10), logger: logger))
            report(ServiceTraces(queue, prefix: "sms", now: { Samples.moment + .seconds(1) }))
            let group = ServiceGroup(
                configuration: .init(services: [.init(service: export)], logger: logger)
            )
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                let deadline = ContinuousClock.now + .seconds(60)
                while collector.posts.count < count, ContinuousClock.now < deadline {
                    try await Task.sleep(for: .milliseconds(5))
                }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
            posts = collector.posts
        }
        return posts
    }

    @Test("reach a collector by OTLP/HTTP with the resource and the header fields that are set")
    func exported() async throws {
        let environment = [
            "OTEL_EXPORTER_OTLP_HEADERS": "x-key=made-up%2Ckey", "OTEL_SERVICE_NAME": "bridge-of-the-test",
            "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test,service.namespace=sms",
        ]
        let posts = try await export(environment) { traces in
            traces.answered(.inbound, "published", took: .milliseconds(3))
        }
        let post = try #require(posts.first)
        #expect(post.path == "/v1/traces")
        #expect(post.headers["content-type"] == "application/json")
        #expect(post.headers["x-key"] == "made-up,key")
        for part in [
            #"{"key":"service.name","value":{"stringValue":"bridge-of-the-test"}}"#,
            #"{"key":"deployment.environment.name","value":{"stringValue":"test"}}"#,
            #""name":"webhook inbound""#, #""version":"\#(Version.text)""#,
        ] {
            #expect(post.body.contains(part), "\(part) in \(post.body)")
        }
    }

    @Test("have a command under its publisher's span, its request under the command, and its receipt linked to it")
    func life() async throws {
        let posts = try await export { traces in
            var sending = Samples.sending("a-1")
            sending.facts.traceparent = Self.traceparent
            traces.attempted(sending, .accepted(messageUUID: "u-1"), took: .milliseconds(120))
            var ended = Samples.accepted("a-1", uuid: "u-1")
            ended.facts.traceparent = Self.traceparent
            traces.ended(ended)
            traces.received(receipt(), of: ended)
        }
        let body = posts.map(\.body).joined()
        let command = try #require(TraceContext(traceparent: Self.traceparent)).span("command a-1 0")
        #expect(body.contains(#""parentSpanId":"b7ad6b7169203331""#))
        #expect(body.contains(#""parentSpanId":"\#(command.spanID)""#))
        #expect(body.contains(#""links":[{"spanId":"\#(command.spanID)","traceId":"\#(command.traceID)"}]"#))
        for part in [#""name":"send sms""#, #""name":"process sms.send""#, #""name":"webhook status""#] {
            #expect(body.contains(part), "\(part) in \(body)")
        }
        // No number and no text.
        #expect(!body.contains("14155550101"))
    }

    @Test("find together without a traceparent too, and leave out what its publisher does not sample")
    func derivedAndUnsampled() async throws {
        let posts = try await export { traces in
            var unsampled = Samples.accepted("b-1", uuid: "u-2")
            unsampled.facts.traceparent = String(Self.traceparent.dropLast(2)) + "00"
            traces.ended(unsampled)
            traces.received(receipt(), of: unsampled)
            let plain = Samples.accepted("a-1", uuid: "u-1")
            traces.ended(plain)
            traces.received(receipt(), of: plain)
        }
        let body = posts.map(\.body).joined()
        let command = TraceContext.derived(from: "command a-1 0")
        #expect(body.contains(#""links":[{"spanId":"\#(command.spanID)","traceId":"\#(command.traceID)"}]"#))
        #expect(!body.contains("b-1"))
    }

    @Test("wait for a collector that answers 503, and go when it is back")
    func collectorAway() async throws {
        let posts = try await export(posts: 2, statuses: [503, 200]) { traces in
            traces.answered(.status, "failed", took: .milliseconds(3))
        }
        #expect(posts.count == 2)
        #expect(Set(posts.map(\.body)).count == 1)
        #expect(posts.first?.body.contains(#""status":{"code":2,"message":"failed"}"#) == true)
    }

    @Test("are made only where there is a collector")
    func off() throws {
        let logger = Logger(label: "test")
        #expect(TraceExport(try settings().traces, SpanQueue(), logger: logger) == nil)
        for bad in ["collector:4318", "ftp://collector", "http://key@collector:4318", "http://collector:4318?x=1"] {
            #expect(!problems(["OTEL_EXPORTER_OTLP_ENDPOINT": bad]).isEmpty, "\(bad)")
        }
        let traces = try settings(["OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector/otlp/"]).traces
        #expect(traces.url == "https://collector/otlp/v1/traces")
        #expect(!problems(["OTEL_RESOURCE_ATTRIBUTES": "no-value"]).isEmpty)
    }
}
