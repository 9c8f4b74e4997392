import Contracts
import CoreMetrics
import Logging
import SMSCore

/// Sends commands through the broker's wait queues, so that what waits long holds no memory and no place in its lane.
struct WaitLadder: Sendable {
    let sure: SurePublisher
    let names: BrokerNames

    /// Publishes a copy that comes back to its lane, and returns once the broker has confirmed it.
    ///
    /// - Parameters:
    ///   - command: the copy that is being handled.
    ///   - record: the command's record.
    ///   - level: how long it stays away.
    ///   - number: the copy's number, see `CopyMarks.wait`.
    /// - Returns: false when it can never be published; then it has to wait where it is.
    /// - Throws: `CancellationError` alone.
    func send(
        _ command: OpenedCommand,
        of record: MessageRecord,
        by level: WaitLevel,
        number: Int
    ) async throws -> Bool {
        let carrier = command.delivery.message.carrier(
            to: names.retry(level.name),
            of: record,
            lane: command.situation.lane,
            number: number
        )
        guard try await sure.publish(carrier, "publish carrier", command.metadata) else { return false }
        BridgeMetrics.waits(level.name).increment()
        return true
    }
}
