import Bridge
import Logging
import SMSCore
import Synchronization

/// A receiver that answers as a test sets it and remembers what it got.
final class FakeReceiver: WebhookReceiver {
    private let answer: WebhookAnswer
    private let work: @Sendable () async -> Void
    private let state = Mutex<[UnverifiedWebhook]>([])
    private let misses = Mutex(0)

    init(_ answer: WebhookAnswer = .taken, work: @escaping @Sendable () async -> Void = {}) {
        self.answer = answer
        self.work = work
    }

    var got: [UnverifiedWebhook] { state.withLock { $0 } }
    var kinds: [WebhookKind] { got.map(\.kind) }
    /// How many requests were turned away before they could be received.
    var missedCount: Int { misses.withLock { $0 } }

    func receive(_ webhook: UnverifiedWebhook) async -> WebhookAnswer {
        state.withLock { $0.append(webhook) }
        await work()
        return answer
    }

    func missed() async { misses.withLock { $0 += 1 } }
}

/// A service whose health is what the test says.
struct FakeHealth: HealthSource {
    var isReady = true
    var keepsWebhooks = true
    var webhooksDetail: String?

    func ready() async -> HealthReport {
        HealthReport([.init("broker.publish", isHealthy: isReady, detail: isReady ? nil : "blocked")])
    }

    func webhooks() async -> HealthReport {
        HealthReport([.init("store", isHealthy: keepsWebhooks, detail: webhooksDetail)])
    }
}

/// Holds all who come until it is opened, whatever befalls their tasks, and shows when one has come.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var guests: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)

    /// Waits until the gate is open; cancellation does not end it.
    func pass() async {
        await withCheckedContinuation { guest in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.guests.append(guest) }
                return state.isOpen
            }
            if isOpen { guest.resume() }
            arrived.yield()
        }
    }

    /// Waits until one (more) has come.
    func arrival() async {
        for await _ in arrivals { return }
    }

    func open() {
        let guests = state.withLock { state in
            state.isOpen = true
            defer { state.guests = [] }
            return state.guests
        }
        for guest in guests { guest.resume() }
    }
}

/// What was logged, at every level.
final class LogBook: Sendable {
    private let state = Mutex<[String]>([])

    var lines: [String] { state.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(book: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let book: LogBook
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.MetadataValue? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
            book.state.withLock { $0.append("\(event.level) \(event.message) \(all)") }
        }
    }
}
