import FoundationEssentials

/// What a simulator's journal holds: all that it had seen and done when it ended, however it ended.
package struct SimulatorHistory: Sendable {
    /// A message that was accepted, and the fault that was applied to it.
    package struct Accepted: Sendable {
        /// The message.
        package let message: SimulatedMessage
        /// The fault; `nil` when nothing went wrong.
        package let rule: FaultRule?
    }

    /// The requests to send, refused and dropped ones included, oldest first.
    package private(set) var requests: [SimulatedRequest] = []
    /// The messages accepted, oldest first.
    package private(set) var messages: [Accepted] = []
    /// What handsets sent, oldest first.
    package private(set) var inbound: [SimulatedInbound] = []
    /// The webhooks that were answered once and for all, oldest first; with the number of the attempt.
    package private(set) var webhooks: [SimulatedWebhook] = []
    /// Lines that cannot be read: the process was killed within a write.
    package private(set) var unreadableCount = 0

    /// A simulator that has seen nothing.
    init() {}

    /// Reads a journal.
    ///
    /// - Parameter path: the file; one that does not exist gives an empty history.
    /// - Throws: the system's error when the file cannot be read.
    package init(readingFrom path: String) throws {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: path))
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            return
        }
        let decoder = JSONDecoder()
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            if let entry = try? decoder.decode(SimulatorJournal.Entry.self, from: line) {
                add(entry)
            } else {
                unreadableCount += 1
            }
        }
    }

    private mutating func add(_ entry: SimulatorJournal.Entry) {
        if entry.cleared == true { self = SimulatorHistory(unreadableCount: unreadableCount) }
        if let request = entry.request { requests.append(request) }
        if let kept = entry.message { messages.append(Accepted(message: kept.message, rule: entry.rule)) }
        if let inbound = entry.inbound { self.inbound.append(inbound) }
        if let webhook = entry.webhook { webhooks.append(webhook) }
    }

    private init(unreadableCount: Int) { self.unreadableCount = unreadableCount }
}

extension SimulatorHistory {
    /// What is still to be sent for an accepted message.
    struct Debt {
        let message: SimulatedMessage
        /// The receipts that were not answered.
        let plan: ReceiptPlan
    }

    /// The receipts that are still to be sent, in the order in which their messages were accepted.
    var debts: [Debt] {
        let paid = Dictionary(grouping: webhooks, by: \.messageUUID).mapValues { Set($0.compactMap(\.status)) }
        return messages.compactMap { accepted in
            var plan = ReceiptPlan(accepted.rule)
            plan.steps.removeAll { paid[accepted.message.messageUUID]?.contains($0.status) ?? false }
            return plan.steps.isEmpty ? nil : Debt(message: accepted.message, plan: plan)
        }
    }

    /// The messages from handsets that the listener has not taken yet.
    var undeliveredInbound: [SimulatedInbound] {
        let delivered = Set(webhooks.lazy.filter { $0.kind == "inbound" }.map(\.messageUUID))
        return inbound.filter { !delivered.contains($0.messageUUID) }
    }
}
