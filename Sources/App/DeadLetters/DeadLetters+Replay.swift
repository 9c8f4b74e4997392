package import AMQP
import Bridge
package import Contracts
import SMSCore

extension DeadLetters {
    /// How dead letters are replayed.
    package struct ReplayOptions: Sendable {
        /// Whether commands are sent although the handset may have their message.
        package var isForced = false
        /// Whether nothing is published, only reported what would be.
        package var isDryRun = false
        package var pace: Pace = .unlimited

        /// The defaults: nothing forced, as fast as it goes.
        package init() {}
    }

    /// What became of a dead letter that was to be replayed.
    package enum ReplayResult: Sendable {
        /// The broker has confirmed it, and the dead letter goes.
        case published(BrokerMessage, number: Int)
        /// It would be published; the dead letter stays.
        case wouldPublish(BrokerMessage, number: Int)
        /// It is not published, and the dead letter stays.
        case refused(Refusal)
        /// The broker did not take it, and the dead letter stays.
        case notTaken(AMQPError)
    }

    /// Publishes dead letters again, each to the lane it came from, and removes each after its confirm.
    ///
    /// - Parameters:
    ///   - selection: which.
    ///   - count: of dead letters to look at, from a census.
    ///   - options: how.
    ///   - report: called with what became of each.
    /// - Returns: ids that no dead letter has.
    /// - Throws: `AMQPError` when the broker is away for more than a minute; `CancellationError`. What was
    ///   reported as published is published. A dead letter that is left behind is harmless: its replay has the same
    ///   number.
    package func replay(
        _ selection: Selection,
        upTo count: Int,
        options: ReplayOptions,
        report: (Letter, ReplayResult) -> Void
    ) async throws -> Set<String> {
        var selection = selection
        try await walk(upTo: count) { deadLetter in
            guard selection.takes(deadLetter) else { return .keep }
            switch deadLetter.replayed(names, isForced: options.isForced) {
            case .failure(let refusal):
                report(deadLetter, .refused(refusal))
                return .keep
            case .success(let command):
                let number = deadLetter.nextReplay
                guard !options.isDryRun else {
                    report(deadLetter, .wouldPublish(command, number: number))
                    return .keep
                }
                let begun = ContinuousClock.now
                if let error = try await publish(command) {
                    report(deadLetter, .notTaken(error))
                    return .keep
                }
                report(deadLetter, .published(command, number: number))
                return .remove(pausingUntil: options.pace.next(after: begun))
            }
        }
        return selection.unknownIDs
    }

    /// Publishes a command, over every outage that is not too long.
    ///
    /// One that may have arrived is published again: the copies have one id and one number, and one of them is carried
    /// out.
    ///
    /// - Returns: why the broker does not take it; nil when it has confirmed it.
    /// - Throws: `AMQPError` when the broker is away for more than a minute; `CancellationError`.
    package func publish(_ command: BrokerMessage) async throws -> AMQPError? {
        let deadline = ContinuousClock.now + limits.outage
        while true {
            do {
                try await connection.publish(
                    AMQPMessage(command),
                    to: command.exchange,
                    routingKey: command.routingKey
                )
                return nil
            } catch let error as AMQPError {
                switch error.code {
                case .returned, .nacked, .publishRefused, .tooLarge, .invalidArgument: return error
                case _ where error.isRetriable && ContinuousClock.now < deadline:
                    try await connection.waitUntilReady(within: deadline - .now)
                default: throw error
                }
            }
        }
    }
}
