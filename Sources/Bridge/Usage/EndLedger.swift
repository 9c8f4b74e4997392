import Contracts
import CoreMetrics
import Metrics
import SMSCore
import Synchronization

/// Counts what messages came to and what they have cost, at the first final receipt of each.
///
/// A price counts once, however many receipts carry one: that of the final receipt, else of the last one before it.
/// Labels come from bounded sets, so that their number cannot fill the memory.
package final class EndLedger: Sendable {
    /// How many senders, and how many campaigns, have sums of their own.
    package static let labelLimit = 50

    private struct State {
        var usage = UsageSums()
        var currencies = BoundedLabels(limit: 10)
        var countries = BoundedLabels(limit: 250)
        var senders = BoundedLabels(limit: EndLedger.labelLimit)
        var campaigns = BoundedLabels(limit: EndLedger.labelLimit)
    }

    private let state = Mutex(State())

    /// A ledger without entries.
    package init() {}

    /// The sums as they are; for `/metrics` and the API.
    package var usage: UsageSums { state.withLock { $0.usage } }

    /// Counts a message's end; a second final receipt counts nothing.
    ///
    /// - Parameters:
    ///   - receipt: the final one.
    ///   - record: of the command; nil for a message that was not sent by us.
    ///   - from: our sender, as the receipt has it.
    ///   - to: the recipient, likewise.
    ///   - seen: the message's receipts before this one.
    func count(_ receipt: SeenReceipt, of record: MessageRecord?, from: String, to: String, seen: [SeenReceipt]) {
        guard !seen.contains(where: { StatusEvent.finalStatuses.contains($0.status) }) else { return }
        let usage = receipt.usage ?? seen.last { $0.usage?.price != nil }?.usage
        let price = usage?.price.flatMap(ExactDecimal.init)
        let digits = String(to.drop { $0 == "+" })
        let names = state.withLock { state -> (country: String, sender: String) in
            let country = state.countries.label(for: PhoneNumber(digits: digits)?.callingCode ?? "unknown")
            let sender = state.senders.label(for: from.isEmpty ? record?.facts.from ?? "unknown" : from)
            if let price {
                let currency = state.currencies.label(for: usage?.currency ?? "unknown")
                let campaign = record?.facts.campaignID.map { state.campaigns.label(for: $0) } ?? "none"
                state.usage.add(price, currency, to: country, .country)
                state.usage.add(price, currency, to: sender, .sender)
                state.usage.add(price, currency, to: campaign, .campaign)
            }
            return (country, sender)
        }
        BridgeMetrics.ends(receipt.status, country: names.country).increment()
        BridgeMetrics.ends(receipt.status, sender: names.sender).increment()
    }
}
