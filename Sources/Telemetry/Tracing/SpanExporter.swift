package import Logging

/// Hands spans to a collector, batch by batch, until its task is cancelled.
///
/// A collector that is away costs spans and nothing else: each batch is tried some times, then dropped and counted.
package struct SpanExporter: Sendable {
    /// What the collector answered to a batch.
    package enum Answer: Hashable, Sendable {
        case taken
        /// It cannot take it now (429, 502, 503, 504, no connection), with the wait that it asks for.
        case notNow(after: Duration?, reason: String)
        /// It does not take it at all.
        case refused(reason: String)
    }

    /// What became of spans, a word from a closed set for metrics.
    package enum Result: String, Hashable, Sendable, CaseIterable {
        case exported
        /// There was no room for them.
        case dropped
        /// The collector did not take them.
        case failed
    }

    /// How many spans one request has at most.
    static let batch = 512
    /// How often a batch is tried.
    private static let tries = 5
    private static let longestPause: Duration = .seconds(30)

    private let queue: SpanQueue
    private let resource: [String: String]
    private let version: String
    private let interval: Duration
    private let clock: any Clock<Duration>
    private let logger: Logger
    private let post: @Sendable ([UInt8]) async -> Answer
    private let count: @Sendable (Result, Int) -> Void

    /// An exporter.
    ///
    /// - Parameters:
    ///   - queue: where the spans come from.
    ///   - resource: what they are from, such as `service.name`.
    ///   - version: of this program.
    ///   - interval: between two looks into the queue, 2 s by default.
    ///   - clock: what its pauses run on.
    ///   - logger: for a collector that takes nothing.
    ///   - post: makes one request, with a limit of time of its own.
    ///   - count: called with what became of how many spans.
    package init(
        _ queue: SpanQueue,
        resource: [String: String],
        version: String,
        interval: Duration = .seconds(2),
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger,
        post: @escaping @Sendable ([UInt8]) async -> Answer,
        count: @escaping @Sendable (Result, Int) -> Void
    ) {
        self.queue = queue
        self.resource = resource
        self.version = version
        self.interval = interval
        self.clock = clock
        self.logger = logger
        self.post = post
        self.count = count
    }

    /// Exports until the task is cancelled.
    package func run() async {
        var isFailing = false
        while !Task.isCancelled {
            guard (try? await clock.sleep(for: interval)) != nil else { return }
            await drain(tries: Self.tries, &isFailing)
        }
    }

    /// Exports what is there, each batch tried once; for the end of the process.
    package func flush() async {
        var isFailing = false
        await drain(tries: 1, &isFailing)
    }

    private func drain(tries: Int, _ isFailing: inout Bool) async {
        while true {
            let dropped = queue.takeDroppedCount()
            if dropped > 0 { count(.dropped, dropped) }
            let spans = queue.take(Self.batch)
            guard !spans.isEmpty else { return }
            if let reason = await send(spans, tries: tries) {
                count(.failed, spans.count)
                if !isFailing { logger.warning("spans are not exported", metadata: ["error": "\(reason)"]) }
                isFailing = true
                // What is left waits for the next time.
                return
            }
            count(.exported, spans.count)
            if isFailing { logger.notice("spans are exported again") }
            isFailing = false
        }
    }

    /// - Returns: why they were not taken; nil when they were.
    private func send(_ spans: [TraceSpan], tries: Int) async -> String? {
        let body = OTLPDocument.bytes(spans, resource: resource, version: version)
        var pause: Duration = .seconds(1)
        for number in 1...max(1, tries) {
            switch await post(body) {
            case .taken: return nil
            case .refused(let reason): return reason
            case .notNow(let wanted, let reason):
                guard number < tries else { return reason }
                guard (try? await clock.sleep(for: min(wanted ?? pause, Self.longestPause))) != nil else {
                    return reason
                }
                pause *= 2
            }
        }
        return nil
    }
}
