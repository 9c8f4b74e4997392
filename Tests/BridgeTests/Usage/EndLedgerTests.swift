import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("What messages have cost")
struct EndLedgerTests {
    private let ledger = EndLedger()

    private func receipt(_ status: String, _ price: String?, currency: String? = "EUR") -> SeenReceipt {
        SeenReceipt(
            messageUUID: "u",
            commandID: nil,
            status: status,
            timestamp: "",
            error: nil,
            seenAt: Samples.moment,
            usage: price.map { Usage(currency: currency, price: $0) }
        )
    }

    private func count(_ receipt: SeenReceipt, from: String = "14155550199", seen: [SeenReceipt] = []) {
        ledger.count(receipt, of: nil, from: from, to: "447700900000", seen: seen)
    }

    private func sum(_ dimension: UsageSums.Dimension, _ label: String, currency: String = "EUR") -> String? {
        ledger.usage.sums[dimension]?[UsageSums.Key(currency: currency, label: label)]?.description
    }

    @Test("counts once, by the final receipt, else by the last before it that names a price")
    func once() {
        count(receipt("delivered", "0.0333"), seen: [receipt("submitted", "0.05")])
        #expect(sum(.country, "44") == "0.0333")
        count(receipt("rejected", "7"), seen: [receipt("delivered", "0.0333")])
        #expect(sum(.country, "44") == "0.0333", "a second end is none")
        count(receipt("delivered", nil), seen: [receipt("submitted", "0.01"), receipt("submitted", nil)])
        #expect(sum(.sender, "14155550199") == "0.0433" && sum(.campaign, "none") == "0.0433")
        count(receipt("delivered", "free"))
        #expect(sum(.country, "44") == "0.0433")
    }

    @Test("keeps currencies apart")
    func currencies() {
        count(receipt("delivered", "1.10"))
        count(receipt("delivered", "2", currency: nil))
        #expect(sum(.country, "44") == "1.1" && sum(.country, "44", currency: "unknown") == "2")
    }

    @Test("names fifty senders, and the rest together")
    func bounded() {
        for number in 0..<60 { count(receipt("delivered", "1"), from: "Shop\(number)") }
        #expect(sum(.sender, "Shop0") == "1" && sum(.sender, "Shop49") == "1")
        #expect(sum(.sender, "Shop50") == nil && sum(.sender, "other") == "10")
        count(receipt("delivered", "1"), from: "Shop0")
        #expect(sum(.sender, "Shop0") == "2")
    }
}
