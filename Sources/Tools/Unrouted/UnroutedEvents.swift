package import AMQP
package import App
package import Contracts

/// The events in `sms.unrouted`, which no queue was bound for when they were published.
///
/// They are walked through as dead letters are: taken in pages, and given back by closing the channels.
package struct UnroutedEvents: Sendable {
    /// How events are published again.
    package struct ReplayOptions: Sendable {
        /// Whether nothing is published, only reported what would be.
        package var isDryRun = false
        package var pace: DeadLetters.Pace = .unlimited

        /// The defaults: as fast as the broker confirms.
        package init() {}
    }

    /// What became of an event that was to be replayed.
    package enum ReplayResult: Sendable {
        /// The broker has confirmed it, and the old one goes.
        case published
        /// It would be published, and stays.
        case wouldPublish
        /// It is not published, and stays; with the reason.
        case refused(String)
        /// The broker did not take it, and it stays.
        case notTaken(AMQPError)
    }

    private let queue: DeadLetters

    /// Events over a connection that the caller runs.
    package init(connection: AMQPConnection, names: BrokerNames, limits: DeadLetters.Limits = .init()) {
        queue = DeadLetters(connection: connection, names: names, queue: names.unrouted, limits: limits)
    }

    /// Counts the events.
    ///
    /// - Throws: `AMQPError`, with reply code 404 when there is no such queue; `CancellationError`.
    package func census() async throws -> DeadLetters.Census { try await queue.census() }

    /// Shows each event once, oldest first, and leaves it; ends early where `visit` returns false.
    ///
    /// - Throws: what `visit` throws; `AMQPError`; `CancellationError`.
    package func walk(upTo count: Int, _ visit: (Event) throws -> Bool) async throws {
        try await queue.walk(upTo: count) { message in try visit(Event(message)) ? .keep : .stop }
    }

    /// Publishes events again, each to the exchange and with the routing key that it came with, and removes each after
    /// its confirm.
    ///
    /// An event that still no queue is bound for comes back behind the others, and is not taken up again. One that is
    /// left behind by a crash, and published again, has the same id.
    ///
    /// - Parameters:
    ///   - selection: which.
    ///   - count: of events to look at, from a census.
    ///   - options: how.
    ///   - report: called with what became of each.
    /// - Returns: ids that no event has.
    /// - Throws: `AMQPError` when the broker is away for more than a minute; `CancellationError`. What was reported as
    ///   published is published.
    package func replay(
        _ selection: Selection,
        upTo count: Int,
        options: ReplayOptions,
        report: (Event, ReplayResult) -> Void
    ) async throws -> Set<String> {
        var selection = selection
        try await queue.walk(upTo: count) { message in
            let event = Event(message)
            guard selection.takes(event) else { return .keep }
            if let reason = event.refusal(queue.names) {
                report(event, .refused(reason))
                return .keep
            }
            guard !options.isDryRun else {
                report(event, .wouldPublish)
                return .keep
            }
            let begun = ContinuousClock.now
            if let error = try await queue.publish(event.republished) {
                report(event, .notTaken(error))
                return .keep
            }
            report(event, .published)
            return .remove(pausingUntil: options.pace.next(after: begun))
        }
        return selection.unknownIDs
    }
}
