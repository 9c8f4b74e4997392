import Contracts
import CoreMetrics
import Logging
import SMSCore

/// Sends commands through the broker's wait queues, so that what waits long holds no memory and no place in its lane.
struct WaitLadder: Sendable {
    let publisher: any EventPublisher
    let names: BrokerNames
    let insistence: Insistence

    /// Publishes a copy that comes back to its lane, and returns once the broker has confirmed it.
    ///
    /// - Parameters:
    ///   - command: the copy that is being handled.
    ///   - record: the command's record.
    ///   - level: how long it stays away.
    ///   - number: the copy's number, see `CarrierMarks.wait`.
    /// - Throws: `CancellationError` alone.
    func send(_ command: OpenedCommand, of record: MessageRecord, by level: WaitLevel, number: Int) async throws {
        let carrier = command.delivery.message.carrier(
            to: names.retry(level.name),
            of: record,
            lane: command.situation.lane,
            number: number
        )
        try await insistence.on("publish carrier", command.metadata) { try await publisher.publish(carrier) }
        BridgeMetrics.waits(level.name).increment()
    }
}
