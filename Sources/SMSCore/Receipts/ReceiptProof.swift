package import Contracts

/// What a receipt proves about its command: the provider took the message, whatever we knew (compare-and-set applies).
package enum ReceiptProof: Hashable, Sendable {
    /// The record already says so, or nothing is left to prove.
    case nothing
    /// The reference is that of another program and happens to be equal: no request of ours can have made this message.
    case foreign
    /// Write this record: it now says what the receipt proves.
    case write(MessageRecord)
    /// Another message of the same command had been taken before: it was sent twice.
    case secondMessage(known: String)

    /// Applies a receipt to a record.
    ///
    /// - Parameters:
    ///   - messageUUID: the provider's id of the message that the receipt is about.
    ///   - status: what the receipt says became of the message, for the record's history.
    ///   - record: the record that its reference leads to.
    ///   - retention: how long a settled record is kept.
    ///   - now: the moment of writing.
    /// - Returns: what is to be done.
    package static func of(
        _ messageUUID: String,
        saying status: String = "",
        for record: MessageRecord,
        retention: Duration,
        now: Timestamp
    ) -> ReceiptProof {
        if let known = record.settlement?.messageUUID ?? record.provedUUID {
            return known == messageUUID ? .nothing : .secondMessage(known: known)
        }
        var proved = record
        proved.provedUUID = messageUUID
        proved.updatedAt = now
        proved.history.note(.proved, at: now, status.isEmpty ? messageUUID : "\(status), \(messageUUID)")
        switch record.state {
        case .pending where record.attempts == 0:
            // A replay is to be carried out, whatever becomes of the message before it.
            return record.hasNoRequest ? .foreign : .nothing
        case .pending, .uncertain:
            let accepted = Settlement(outcome: .accepted, messageUUID: messageUUID, error: nil, at: now)
            return .write(proved.settled(accepted, retention: retention))
        case .sending:
            // The handler that is sending looks for the note before writing anything less than an answer.
            return .write(proved)
        case .settled(let settlement):
            if record.mayHaveReachedHandset { return .write(proved) }
            return settlement.outcome != .failed && record.hasNoRequest ? .foreign : .nothing
        }
    }
}

extension MessageRecord {
    /// Whether no request was ever made under this id, not even one that was surely not taken; a replay counts its
    /// attempts anew.
    fileprivate var hasNoRequest: Bool { !mayHaveReachedHandset && attempts == 0 && replay == 0 }
}
