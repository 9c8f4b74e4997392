import Contracts
import SMSCore
import Testing

extension StoreConformance {
    private static let sender = "+14155550100"

    static let acceptances: [StoreConformance] = [
        StoreConformance(
            "accepted messages are counted after one moment, up to and with another"
        ) { store async throws in
            let start = Samples.moment
            for second in 0...4 {
                let record = Samples.accepted("a\(second)", uuid: "u\(second)", at: start + .seconds(second))
                _ = try await store.save(record)
            }
            let counted = try await store.acceptances(of: sender, after: start, until: start + .seconds(3))
            #expect(counted == Acceptances(count: 3, withReceipt: 0))
            let none = try await store.acceptances(of: sender, after: start + .seconds(4), until: start + .seconds(9))
            #expect(none == Acceptances(count: 0, withReceipt: 0))
        },
        StoreConformance("of the accepted, those with a receipt are counted, each once") { store async throws in
            for name in ["one", "two", "none"] { _ = try await store.save(Samples.accepted(name, uuid: name)) }
            try await store.remember(Samples.receipt("one", "delivered"))
            try await store.remember(Samples.receipt("two", "submitted"))
            try await store.remember(Samples.receipt("two", "undeliverable", errorCode: "7"))
            try await store.remember(Samples.receipt("not-ours", "delivered"))
            #expect(try await store.acceptancesAround() == Acceptances(count: 3, withReceipt: 2))
        },
        StoreConformance("messages of other senders, or of none, are not counted") { store async throws in
            for (name, from) in [("a", sender), ("b", "+14155550109"), ("c", "Acme"), ("d", nil)] {
                var record = Samples.accepted(name, uuid: name)
                record.facts.from = from
                _ = try await store.save(record)
                try await store.remember(Samples.receipt(name, "delivered"))
            }
            #expect(try await store.acceptancesAround() == Acceptances(count: 1, withReceipt: 1))
            #expect(try await store.acceptancesAround(of: "Acme") == Acceptances(count: 1, withReceipt: 1))
            #expect(try await store.acceptancesAround(of: "") == Acceptances(count: 0, withReceipt: 0))
        },
        StoreConformance("what is open, or ended otherwise, is not counted as accepted") { store async throws in
            _ = try await store.save(Samples.record("pending"))
            _ = try await store.save(Samples.sending("sending"))
            for outcome in Outcome.allCases where outcome != .accepted && outcome != .uncertain {
                var record = Samples.record(outcome.rawValue)
                record.state = .settled(
                    Settlement(outcome: outcome, messageUUID: nil, error: Samples.error, at: Samples.moment)
                )
                _ = try await store.save(record)
            }
            #expect(try await store.acceptancesAround() == Acceptances(count: 0, withReceipt: 0))
        },
        StoreConformance(
            "an accepted message is counted from when it is settled, under the sender it has then"
        ) { store async throws in
            var record = Samples.record("a", at: Samples.moment - .seconds(50))
            record.facts.from = nil
            record = try #require(try await store.save(record))
            record.facts.from = sender
            record.state = .settled(
                Settlement(outcome: .accepted, messageUUID: "u", error: nil, at: Samples.moment)
            )
            record = try #require(try await store.save(record))
            #expect(try await store.acceptancesAround() == Acceptances(count: 1, withReceipt: 0))
            // A replay takes it out again.
            record.state = .pending
            _ = try await store.save(record)
            #expect(try await store.acceptancesAround() == Acceptances(count: 0, withReceipt: 0))
        },
    ]
}

extension MessageStore {
    /// What was accepted within a second of the samples' moment.
    fileprivate func acceptancesAround(of sender: String = "+14155550100") async throws -> Acceptances {
        try await acceptances(of: sender, after: Samples.moment - .seconds(1), until: Samples.moment + .seconds(1))
    }
}
