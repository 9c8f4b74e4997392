import Contracts
import CoreMetrics
import SMSCore

/// Sends commands through the broker's retry queues, so that a long wait takes no memory and no place in the lane.
struct RetryQueues: Sendable {
    let outlet: Outlet

    /// Publishes a copy that comes back to its lane, and returns once the broker has confirmed it.
    ///
    /// - Parameters:
    ///   - command: the copy that is being handled.
    ///   - record: the command's record.
    ///   - level: how long it stays away.
    ///   - number: the copy's number, see `CopyMarks.wait`.
    /// - Returns: false when it can never be published; then it has to wait in the process.
    /// - Throws: `CancellationError` alone.
    func send(
        _ command: OpenedCommand,
        of record: MessageRecord,
        by level: WaitLevel,
        number: Int
    ) async throws -> Bool {
        let carrier = command.delivery.message.carrier(
            to: outlet.names.retry(level.name),
            of: record,
            lane: command.situation.lane,
            number: number
        )
        guard try await outlet.publish(carrier, step: "publish carrier", command.metadata) else { return false }
        BridgeMetrics.waits(level.name).increment()
        return true
    }
}
