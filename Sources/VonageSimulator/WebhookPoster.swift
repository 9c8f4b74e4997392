import AsyncHTTPClient
import FoundationEssentials
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Posts webhooks as Vonage does: each on its own, again on 429, on 5xx and where no answer came; any other answer is
/// final.
final class WebhookPoster: Sendable {
    /// One webhook on its way.
    struct Delivery: Sendable {
        let kind: String
        let url: String
        let messageUUID: String
        let status: String?
        let body: [UInt8]
        let firstAttemptIsUnsigned: Bool
        /// What to do after the first attempt, answered or not.
        let then: (@Sendable () -> Void)?
        var attempt = 1
    }

    /// How many may wait at a time; more are dropped, so that a listener that never starts does no harm.
    static let mostPending = 250_000
    /// How many are posted at a time.
    private static let concurrency = 64
    /// How long after a refused connection no other is tried.
    ///
    /// Thousands of receipts to a listener that was never started would be as many connections each time they are due.
    private static let absence: Duration = .milliseconds(50)
    /// How exactly time is kept while something waits.
    private static let tick: Duration = .milliseconds(5)
    /// The longest pause between two attempts.
    private static let longestPause: Duration = .seconds(900)

    private let firstPause: Duration
    private let signer: WebhookSigner?
    private let logger: Logger
    private let attempted: @Sendable (SimulatedWebhook) -> Void
    private let pending = Mutex(0)
    private let absentUntil = Mutex<[String: ContinuousClock.Instant]>([:])
    private let due: AsyncStream<Delivery>
    private let feed: AsyncStream<Delivery>.Continuation
    private let waiting = Mutex(DeliverySchedule())
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// Creates a poster; nothing is posted before `run`.
    ///
    /// - Parameters:
    ///   - firstPause: the pause after a first failure.
    ///   - signer: signs; `nil` leaves webhooks unsigned.
    ///   - logger: at `debug`; a listener that is not there is normal.
    ///   - attempted: called for every attempt.
    init(
        firstPause: Duration,
        signer: WebhookSigner?,
        logger: Logger,
        attempted: @escaping @Sendable (SimulatedWebhook) -> Void
    ) {
        self.firstPause = firstPause
        self.signer = signer
        self.logger = logger
        self.attempted = attempted
        (due, feed) = AsyncStream.makeStream()
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Posts a webhook after a while.
    ///
    /// - Parameters:
    ///   - delivery: what to post.
    ///   - delay: when.
    func post(_ delivery: Delivery, after delay: Duration) {
        let fits = pending.withLock { pending in
            guard pending < Self.mostPending else { return false }
            pending += 1
            return true
        }
        guard fits else { return }
        schedule(delivery, after: delay)
    }

    /// Posts until the task is cancelled.
    func run() async {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(3), read: .seconds(15))
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.concurrency
        configuration.connectionPool.idleTimeout = .seconds(5)
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
        async let clock: Void = keepTime()
        await withTaskGroup(of: Void.self) { group in
            var running = 0
            for await delivery in due {
                if running == Self.concurrency {
                    await group.next()
                    running -= 1
                }
                group.addTask { await self.attempt(delivery, client) }
                running += 1
            }
            group.cancelAll()
        }
        await clock
        try? await client.shutdown()
    }

    /// Hands on what is due, until the task is cancelled.
    private func keepTime() async {
        for await _ in wakes {
            while !Task.isCancelled {
                let (due, next) = waiting.withLock { $0.takeDue(now: .now) }
                for delivery in due { feed.yield(delivery) }
                guard let next else { break }
                try? await Task.sleep(for: min(ContinuousClock.now.duration(to: next), Self.tick))
            }
        }
    }

    private func schedule(_ delivery: Delivery, after delay: Duration) {
        guard delay > .zero else {
            feed.yield(delivery)
            return
        }
        waiting.withLock { $0.add(delivery, due: .now + delay) }
        wake.yield()
    }

    /// Makes one request.
    ///
    /// - Returns: the answer's status, or `nil` when there was none.
    private func request(_ delivery: Delivery, _ client: HTTPClient) async -> Int? {
        guard absentUntil.withLock({ $0[delivery.url].map { $0 < .now } ?? true }) else { return nil }
        var request = HTTPClientRequest(url: delivery.url)
        request.method = .POST
        request.headers = ["Content-Type": "application/json", "User-Agent": "vonage-simulator"]
        if let signer, !(delivery.firstAttemptIsUnsigned && delivery.attempt == 1) {
            request.headers.add(name: "Authorization", value: signer.header(for: delivery.body, now: Date()))
        }
        request.body = .bytes(delivery.body)
        do {
            // 15 s for an answer, as Vonage gives; its body is of no interest.
            let response = try await client.execute(request, timeout: .seconds(15))
            _ = try? await response.body.collect(upTo: 1 << 20)
            return Int(response.status.code)
        } catch {
            if Self.isRefusal(error) {
                absentUntil.withLock { absent in
                    if absent.count >= 100 { absent.removeAll() }
                    absent[delivery.url] = .now + Self.absence
                }
            }
            logger.debug("A webhook got no answer", metadata: ["simulator.cause": "\(error)"])
            return nil
        }
    }

    /// Whether the connection was refused: the system's error for an address, SwiftNIO's for a name.
    private static func isRefusal(_ error: any Error) -> Bool {
        switch error {
        case let error as IOError: error.errnoCode == ECONNREFUSED
        case is NIOConnectionError: true
        default: false
        }
    }

    private func attempt(_ delivery: Delivery, _ client: HTTPClient) async {
        let answer = await request(delivery, client)
        let webhook = SimulatedWebhook(
            kind: delivery.kind,
            messageUUID: delivery.messageUUID,
            status: delivery.status,
            attempt: delivery.attempt,
            answer: answer,
            at: SimulatorTime.text(SimulatorTime.now)
        )
        attempted(webhook)
        if delivery.attempt == 1 { delivery.then?() }
        guard !Task.isCancelled, !webhook.isAnswered else {
            pending.withLock { $0 -= 1 }
            return
        }
        var next = delivery
        next.attempt += 1
        schedule(next, after: min(firstPause * (1 << min(delivery.attempt - 1, 20)), Self.longestPause))
    }
}
