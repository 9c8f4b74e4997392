import FoundationEssentials
package import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Synchronization

/// A stand-in for Vonage: the Messages API for SMS, its webhooks, and faults that can be set.
///
/// Shares no code with the client, so that a mistake in one cannot hide in the other. Use it in process (tests), or
/// over HTTP (`/simulator/…`); `run` serves until it is cancelled or shut down gracefully.
package final class VonageSimulator: Service {
    let configuration: VonageSimulatorConfiguration
    let ledger: SimulatorLedger
    let reports: SimulatorReports
    let faultBook = Mutex(FaultBook())
    let bucket: Mutex<TokenBucket?>
    let authenticator: Authenticator
    private let poster: WebhookPoster
    private let logger: Logger
    private let server: SimulatorServer
    private let journal: SimulatorJournal?
    /// What was left undone by the simulator before, until `run` does it.
    private let inherited: Mutex<SimulatorHistory?>

    /// Creates a simulator and starts to listen; connections wait until `run`.
    ///
    /// - Parameters:
    ///   - configuration: the set-up.
    ///   - logger: for its start, and at `debug` for what goes wrong on purpose.
    /// - Throws: ``SimulatorError`` for a key or a journal that is unusable; the system's error when the address cannot
    ///   be bound.
    package convenience init(configuration: VonageSimulatorConfiguration, logger: Logger) async throws {
        let history = try configuration.journal.map(SimulatorHistory.init(readingFrom:)) ?? SimulatorHistory()
        let journal = try configuration.journal.map(SimulatorJournal.init(path:))
        try await self.init(configuration: configuration, history: history, journal: journal, logger: logger)
    }

    init(
        configuration: VonageSimulatorConfiguration,
        history: SimulatorHistory,
        journal: SimulatorJournal?,
        logger: Logger
    ) async throws {
        self.configuration = configuration
        self.logger = logger
        let ledger = SimulatorLedger(keptMessages: configuration.keptMessages, history: history)
        self.ledger = ledger
        reports = SimulatorReports(limit: configuration.keptMessages, history: history)
        self.journal = journal
        inherited = Mutex(history)
        bucket = Mutex(configuration.rateLimit.map { TokenBucket($0, now: .now) })
        authenticator = try await Authenticator(configuration.credentials)
        poster = WebhookPoster(
            firstPause: configuration.webhookRetry,
            signer: configuration.signatureSecret.map { secret in
                WebhookSigner(
                    secret: secret,
                    apiKey: configuration.signingAPIKey ?? configuration.credentials.apiKey ?? "abcd1234",
                    applicationID: configuration.credentials.applicationID
                )
            },
            logger: logger,
            attempted: { webhook in
                ledger.add(webhook)
                guard let journal, webhook.isAnswered else { return }
                Self.append(.init(webhook: webhook), to: journal, logger)
            }
        )
        server = try await SimulatorServer(host: configuration.host, port: configuration.port, logger: logger)
    }

    /// The port that it listens on.
    package var port: Int { server.port }

    /// The address of its API, as a client's configuration wants it.
    package var url: String {
        configuration.host.contains(":")
            ? "http://[\(configuration.host)]:\(port)" : "http://\(configuration.host):\(port)"
    }

    /// Serves, and posts webhooks.
    ///
    /// Ends without an error when cancelled or shut down gracefully; connections that are still open are closed then.
    package func run() async throws {
        logger.info("The Vonage simulator is listening", metadata: ["simulator.url": "\(url)"])
        if let history = inherited.withLock({ $0.take() }) { resume(history) }
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.poster.run() }
                group.addTask { await self.server.run { await self.respond($0) } }
                group.addTask {
                    while (try? await Task.sleep(for: Self.pageBeat)) != nil { self.ledger.pages.beat() }
                }
                await group.next()
                group.cancelAll()
            }
        }
    }

    /// The messages accepted and not forgotten, oldest first.
    package var messages: [SimulatedMessage] { ledger.messages }
    /// How many messages were accepted since the last `clear`.
    package var messageCount: Int { ledger.messageCount }
    /// How many requests to send there were since the last `clear`, refused and dropped ones included.
    package var requestCount: Int { ledger.requestCount }
    /// The latest requests to send, oldest first.
    package var requests: [SimulatedRequest] { ledger.requests }
    /// The latest attempts to deliver webhooks, oldest first.
    package var webhooks: [SimulatedWebhook] { ledger.webhooks }
    /// The rules in force, with the times they have left.
    package var faults: [FaultRule] { faultBook.withLock { $0.rules } }

    /// Replaces all rules.
    ///
    /// - Parameter rules: the new ones; the first that fits wins.
    package func setFaults(_ rules: [FaultRule]) {
        faultBook.withLock { $0.replace(rules) }
        ledger.pages.publishFaults()
    }

    /// Forgets messages, requests, webhook attempts and what handsets wrote; faults stay.
    package func clear() {
        _ = keep(.init(cleared: true))
        ledger.clear()
        reports.clear()
    }

    /// Waits until something is so.
    ///
    /// - Parameters:
    ///   - limit: how long at most; default 10 s.
    ///   - condition: asked now and after each change.
    /// - Returns: whether it came to be so in time; `false` also when the task is cancelled.
    package func wait(
        _ limit: Duration = .seconds(10),
        until condition: @escaping @Sendable (VonageSimulator) -> Bool
    ) async -> Bool {
        await ledger.wait(limit) { _ in condition(self) }
    }

    /// Has a handset send a message to one of the account's numbers: posts the webhook, repeated as long as it fails.
    ///
    /// - Parameters:
    ///   - from: the handset's digits.
    ///   - to: the digits of the account's number.
    ///   - text: what it says.
    /// - Returns: the message's id.
    @discardableResult
    package func receiveInbound(from: String, to: String, text: String) -> String {
        let message = SimulatedInbound(from: from, to: to, text: text)
        _ = take(message)
        return message.messageUUID
    }

    /// Takes a message from a handset, and posts its webhook.
    ///
    /// - Parameter message: what the handset sent.
    /// - Returns: whether it is kept; `false` when the journal cannot be written.
    func take(_ message: SimulatedInbound) -> Bool {
        guard keep(.init(inbound: message)) else { return false }
        ledger.add(message)
        deliver(message)
        return true
    }

    /// Writes a line of the journal, where there is one.
    ///
    /// - Parameter entry: what it says.
    /// - Returns: whether all is well; `false` when it could not be written.
    func keep(_ entry: SimulatorJournal.Entry) -> Bool {
        journal.map { Self.append(entry, to: $0, logger) } ?? true
    }

    @discardableResult
    private static func append(_ entry: SimulatorJournal.Entry, to journal: SimulatorJournal, _ logger: Logger) -> Bool
    {
        do {
            try journal.append(entry)
            return true
        } catch {
            logger.error("The journal was not written", metadata: ["simulator.cause": "\(error)"])
            return false
        }
    }

    /// Sends what the simulator before has left unsent.
    private func resume(_ history: SimulatorHistory) {
        if history.unreadableCount > 0 {
            let count = "\(history.unreadableCount)"
            logger.warning("Lines of the journal cannot be read", metadata: ["simulator.count": "\(count)"])
        }
        let now = Date()
        for debt in history.debts {
            let age = Duration.seconds(now.timeIntervalSince(debt.message.receivedAt))
            let delay = configuration.receiptDelay + debt.plan.delay - age
            sendReceipts(debt.plan, of: debt.message, after: max(delay, .zero))
        }
        for message in history.undeliveredInbound { deliver(message) }
    }

    private func deliver(_ message: SimulatedInbound) {
        post(
            kind: "inbound",
            url: webhookURL("inbound"),
            message.messageUUID,
            status: nil,
            InboundPayload(message),
            unsignedFirst: false,
            after: .zero
        )
    }

    /// Sends the receipts of a plan, one after the other.
    ///
    /// - Parameters:
    ///   - plan: what to send.
    ///   - message: the message they are about.
    ///   - delay: how long to wait before the first.
    func sendReceipts(_ plan: ReceiptPlan, of message: SimulatedMessage, after delay: Duration) {
        guard let step = plan.steps.first else { return }
        var rest = plan
        rest.steps.removeFirst()
        let next = rest
        for copy in 1...max(plan.copies, 1) {
            let goOn: @Sendable () -> Void = { [weak self] in self?.sendReceipts(next, of: message, after: .zero) }
            post(
                kind: "status",
                url: message.webhookURL ?? webhookURL("status"),
                message.messageUUID,
                status: step.status,
                ReceiptPayload(message, step),
                unsignedFirst: plan.firstAttemptIsUnsigned,
                after: delay,
                then: copy == 1 ? goOn : nil
            )
        }
    }

    private func post(
        kind: String,
        url: String?,
        _ messageUUID: String,
        status: String?,
        _ payload: some Encodable,
        unsignedFirst: Bool,
        after delay: Duration,
        then: (@Sendable () -> Void)? = nil
    ) {
        guard let url, let body = try? JSONEncoder().encode(payload) else { return }
        let delivery = WebhookPoster.Delivery(
            kind: kind,
            url: url,
            messageUUID: messageUUID,
            status: status,
            body: Array(body),
            firstAttemptIsUnsigned: unsignedFirst,
            then: then
        )
        poster.post(delivery, after: delay)
    }

    private func webhookURL(_ kind: String) -> String? {
        guard let base = configuration.webhooks, !base.isEmpty else { return nil }
        let parts = base.split(separator: "?", maxSplits: 1)
        let root = parts[0].hasSuffix("/") ? parts[0].dropLast() : parts[0]
        return "\(root)/webhooks/\(kind)" + (parts.count > 1 ? "?\(parts[1])" : "")
    }
}
