package import Contracts
import CoreMetrics
import Logging
package import SMSCore

/// What is published of messages that reach no end by themselves.
extension WebhookFlow {
    /// What became of a message that was awaited too long.
    package enum Overdue: Hashable, Sendable {
        /// It has been published as overdue, and noted.
        case published
        /// Its final receipt has come meanwhile, or its record is gone: nothing is published.
        case over
        /// The spool is full: nothing was published or noted.
        case notKept
    }

    /// Publishes that no final receipt of a message came in time, unless one has come meanwhile.
    ///
    /// A crash between publishing and noting publishes it again, with the same event id.
    /// - Parameters:
    ///   - awaited: the message.
    ///   - store: where it is noted.
    ///   - askAt: when the provider may be asked about it; nil for never.
    ///   - now: the present.
    /// - Returns: what became of it.
    /// - Throws: what the store throws.
    package func reportOverdue(
        _ awaited: AwaitedReceipt,
        in store: any OverdueStore,
        askAt: Timestamp?,
        now: Timestamp
    ) async throws -> Overdue {
        try await locks.withLock(awaited.messageUUID) { _ in
            let seen = try await receipts.receipts(of: awaited.messageUUID)
            let isOver = seen.contains { StatusEvent.finalStatuses.contains($0.status) }
            guard !isOver, let record = try await messages.record(of: awaited.commandID),
                record.settlement?.messageUUID == awaited.messageUUID
            else {
                try await store.noteOverdue(awaited.messageUUID, at: now, askAt: nil)
                return .over
            }
            let event = try events.overdue(awaited, of: record, now: now)
            guard try await outlet.offer(event, key: awaited.messageUUID) != .full else { return .notKept }
            try await store.noteOverdue(awaited.messageUUID, at: now, askAt: askAt)
            BridgeMetrics.receiptsOverdue().increment()
            logger.notice(
                "no final receipt came in time",
                metadata: [
                    BridgeLogKey.id.rawValue: "\(awaited.commandID)",
                    BridgeLogKey.messageUUID.rawValue: "\(awaited.messageUUID)",
                ]
            )
            return .published
        }
    }

    /// Publishes a receipt that the provider was asked for, unless it has been published.
    ///
    /// - Parameter report: what the provider says.
    /// - Returns: false when it could not be kept: the spool is full.
    /// - Throws: what the store throws.
    package func take(reported report: ReceiptReport) async throws -> Bool {
        let handled = try await take(report, from: .reports)
        if case .full = handled { return false }
        var metadata = handled.metadata
        metadata[BridgeLogKey.result.rawValue] = "\(handled.label)"
        logger.info("receipt.reported", metadata: metadata)
        return true
    }
}
