import Contracts
import Logging
import SMSCore
import Synchronization
import TestSupport

@testable import Bridge

/// A broker that takes what a test does not let it refuse, by routing key, and counts how often it was asked.
final class RoutedPublisher: EventPublisher {
    private struct State {
        var failures: [String: PublishFailure] = [:]
        var firstFailures: [String: [PublishFailure]] = [:]
        var isAway = false
        var tries: [String: Int] = [:]
        var published: [BrokerMessage] = []
    }

    private let state = Mutex(State())

    var published: [BrokerMessage] { state.withLock { $0.published } }
    /// What was published, as the tests name it.
    var names: [String] { published.map(\.properties.messageID).map { $0 ?? "?" } }
    var isAway: Bool {
        get { state.withLock { $0.isAway } }
        set { state.withLock { $0.isAway = newValue } }
    }

    func tries(_ routingKey: String) -> Int { state.withLock { $0.tries[routingKey] ?? 0 } }

    /// Lets a route fail from now on; nil opens it again.
    func fail(_ routingKey: String, with failure: PublishFailure?) {
        state.withLock { $0.failures[routingKey] = failure }
    }

    /// Lets a route fail so often, in this order, and then no more.
    func fail(_ routingKey: String, with failures: [PublishFailure]) {
        state.withLock { $0.firstFailures[routingKey] = failures }
    }

    func publish(_ message: BrokerMessage) async throws(PublishFailure) {
        let failure: PublishFailure? = state.withLock { state in
            state.tries[message.routingKey, default: 0] += 1
            if state.isAway { return .unavailable("away") }
            if let failure = state.failures[message.routingKey] { return failure }
            if var rest = state.firstFailures[message.routingKey], !rest.isEmpty {
                let failure = rest.removeFirst()
                state.firstFailures[message.routingKey] = rest
                return failure
            }
            state.published.append(message)
            return nil
        }
        if let failure { throw failure }
    }
}

/// An event that the tests know by its name.
func event(_ name: String, _ routingKey: String) -> BrokerMessage {
    BrokerMessage(exchange: "sms.status", routingKey: routingKey, properties: .init(messageID: name), body: [1])
}

extension Outlet {
    /// An outlet of a test's own; `clock` is what the pauses between its tries run on.
    convenience init(
        _ publisher: any EventPublisher,
        promptPublisher: (any EventPublisher)? = nil,
        spool: any EventSpool = InMemoryStore(),
        names: BrokerNames = BrokerNames(),
        clock: any Clock<Duration> = ContinuousClock(),
        time: Stopwatch = Stopwatch()
    ) {
        self.init(
            publisher: publisher,
            promptPublisher: promptPublisher,
            spool: spool,
            names: names,
            retrier: Retrier(logger: .quiet, clock: clock),
            logger: .quiet,
            time: time
        )
    }
}
