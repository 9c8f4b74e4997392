import AsyncHTTPClient
import Bridge
import CoreMetrics
package import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
package import Telemetry

/// Posts spans to an OTLP/HTTP collector while the service runs, and what is left at its end.
package struct TraceExport: Service {
    /// The longest one request may take.
    private static let timeout: TimeAmount = .seconds(10)
    /// How long the end of the service waits for what is left.
    private static let lastTimeout: Duration = .seconds(3)

    private let settings: Settings.Traces
    private let queue: SpanQueue
    private let interval: Duration
    private let logger: Logger

    /// An export of a queue's spans; nil where there is no collector.
    ///
    /// - Parameters:
    ///   - settings: where the collector is.
    ///   - queue: where the spans come from.
    ///   - interval: between two looks into the queue.
    ///   - logger: for a collector that takes nothing.
    package init?(_ settings: Settings.Traces, _ queue: SpanQueue, interval: Duration = .seconds(2), logger: Logger) {
        guard settings.url != nil else { return nil }
        self.settings = settings
        self.queue = queue
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(5), read: Self.timeout)
        let client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
        let exporter = SpanExporter(
            queue,
            resource: settings.resource,
            version: Version.text,
            interval: interval,
            logger: logger,
            post: { await post($0, with: client) },
            count: { BridgeMetrics.spans($0.rawValue).increment(by: $1) }
        )
        await cancelWhenGracefulShutdown { await exporter.run() }
        // The spans of the last commands, where the collector is quick.
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await exporter.flush() }
            group.addTask { try? await Task.sleep(for: Self.lastTimeout) }
            await group.next()
            group.cancelAll()
        }
        try await client.shutdown()
    }

    private func post(_ body: [UInt8], with client: HTTPClient) async -> SpanExporter.Answer {
        var request = HTTPClientRequest(url: settings.url ?? "")
        request.method = .POST
        for header in settings.headers { request.headers.add(name: header.name, value: header.value) }
        request.headers.replaceOrAdd(name: "Content-Type", value: "application/json")
        request.headers.replaceOrAdd(name: "User-Agent", value: "sms-bridge/\(Version.text)")
        request.body = .bytes(body)
        do {
            let response = try await client.execute(request, timeout: Self.timeout)
            let status = Int(response.status.code)
            // Read, so that the connection can be used again.
            _ = try? await response.body.collect(upTo: 64 * 1024)
            switch status {
            case 200..<300: return .taken
            case 429, 502, 503, 504:
                let wanted = response.headers.first(name: "Retry-After").flatMap { Int($0) }.map { max(0, min($0, 30)) }
                return .notNow(after: wanted.map { .seconds($0) }, reason: "the collector answered \(status)")
            default: return .refused(reason: "the collector answered \(status)")
            }
        } catch {
            return .notNow(after: nil, reason: String(String(describing: error).prefix(200)))
        }
    }
}
