package import Contracts

/// Asks the provider what became of messages; every fault is an answer, nothing is thrown.
package protocol ReceiptReports: Sendable {
    /// What became of messages, by their ids, at most ``ReceiptReportsLimit/ids``.
    func receipts(of messageUUIDs: [String]) async -> ReportsAnswer

    /// What became of the messages to a recipient (digits) that the provider took between two moments; of very many
    /// only a part.
    func receipts(to digits: String, from start: Timestamp, until end: Timestamp) async -> ReportsAnswer
}

/// What one request may ask for.
package enum ReceiptReportsLimit {
    /// Ids in one request.
    package static let ids = 20
}

/// What the provider answered.
package enum ReportsAnswer: Hashable, Sendable {
    /// Records of messages as receipts; what is not among them is not known there. `records` is how many were paid for.
    case receipts([ReceiptReport], records: Int)
    /// The account may not ask (401, 402, 403, 404).
    case noAccess(ProviderProblem)
    /// The request itself was refused, and would be again.
    case refused(ProviderProblem)
    /// No answer, or one that says to come again; after a pause where it names one.
    case later(String, pause: Duration?)
}
