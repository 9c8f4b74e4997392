package import Contracts

/// Judges a receipt against those seen before: receipts repeat, and come in any order (Vonage promises neither).
package enum ReceiptOrdering {
    /// What a receipt is, given those seen.
    package enum Verdict: Hashable, Sendable {
        /// The same receipt has been published; it is not published again.
        case repeated
        /// It is news.
        case fresh
        /// It is late: a later or a final status has been seen.
        case superseded
    }

    /// Judges a receipt.
    ///
    /// A final status is never taken back: whatever comes after one, even another final one, is superseded.
    /// - Parameters:
    ///   - receipt: the one that came.
    ///   - at: its time by the provider, as a moment; nil when it carries none.
    ///   - seen: those of the same message that have been published.
    /// - Returns: what it is.
    package static func judge(_ receipt: SeenReceipt, at: Timestamp?, seen: [SeenReceipt]) -> Verdict {
        if seen.contains(where: { $0.key == receipt.key || isSame($0, receipt) }) { return .repeated }
        if seen.contains(where: { StatusEvent.finalStatuses.contains($0.status) }) { return .superseded }
        guard let at, !StatusEvent.finalStatuses.contains(receipt.status) else { return .fresh }
        let isLate = seen.contains { other in
            Timestamp(rfc3339: other.timestamp).map { $0 > at } ?? false
        }
        return isLate ? .superseded : .fresh
    }

    /// Whether one of two receipts was asked for, and says what the other says: a report has other times than a webhook
    /// (whole seconds, and the moment of its last change), and may lack the code.
    private static func isSame(_ one: SeenReceipt, _ other: SeenReceipt) -> Bool {
        guard one.source != other.source, one.status == other.status else { return false }
        guard let code = one.error?.code, let otherCode = other.error?.code else { return true }
        return code == otherCode
    }
}
