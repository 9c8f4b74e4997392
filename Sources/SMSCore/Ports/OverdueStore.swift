package import Contracts

/// The accepted messages of which no final receipt has come, and what was asked about them.
///
/// A message is awaited from the write that settles its command as accepted (`MessageStore.save`), unless a final
/// receipt of it was noted before, until a final receipt is noted (`ReceiptStore.remember`): both happen inside those
/// writes. `ReceiptStore.sweepReceipts` forgets what was accepted before its moment.
///
/// What is claimed is claimed for a lease: of two processes one gets it, and after a crash it is given out again.
package protocol OverdueStore: Sendable {
    /// Claims awaited messages that were accepted at or before a moment and have not been noted as overdue, the oldest
    /// first: at most `limit`.
    func claimAwaited(
        acceptedUntil moment: Timestamp,
        limit: Int,
        now: Timestamp,
        lease: Duration
    ) async throws -> [AwaitedReceipt]

    /// Notes that a message has been published as overdue, and when the provider may be asked about it (nil: never).
    ///
    /// On a message that is not awaited any more this does nothing.
    func noteOverdue(_ messageUUID: String, at moment: Timestamp, askAt: Timestamp?) async throws

    /// Claims overdue messages that the provider may be asked about now, those first that have waited longest: at most
    /// `limit`.
    func claimOverdue(limit: Int, now: Timestamp, lease: Duration) async throws -> [AwaitedReceipt]

    /// Notes that the provider was asked about a message and knew of no end, and when it may be asked again (nil: never).
    func noteAsked(_ messageUUID: String, askAt: Timestamp?) async throws

    /// How many messages are overdue now, for metrics.
    func overdueCount() async throws -> Int

    /// Commands that have been uncertain since a moment or longer, and after another: at most `limit`.
    func uncertain(from start: Timestamp, until end: Timestamp, limit: Int) async throws -> [MessageRecord]

    /// Takes out of a day's budget of records as many as are left, at most `wanted`; a new day begins with all of it.
    ///
    /// - Returns: how many, 0 when it is used up.
    func takeReports(_ wanted: Int, of budget: Int, day: Int64) async throws -> Int

    /// Corrects a day's budget by what a request has cost more (or less, when negative) than was taken.
    func correctReports(by records: Int, day: Int64) async throws
}

/// An accepted message whose final receipt has not come.
package struct AwaitedReceipt: Hashable, Sendable {
    /// The provider's id of the message.
    package let messageUUID: String
    package let commandID: CommandID
    package let acceptedAt: Timestamp
    /// How often the provider was asked about it.
    package let asks: Int

    /// A message with what is noted of it.
    package init(messageUUID: String, commandID: CommandID, acceptedAt: Timestamp, asks: Int = 0) {
        self.messageUUID = messageUUID
        self.commandID = commandID
        self.acceptedAt = acceptedAt
        self.asks = asks
    }
}
