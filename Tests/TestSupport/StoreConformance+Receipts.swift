import Contracts
import SMSCore
import Testing

extension StoreConformance {
    static let receipts: [StoreConformance] = [
        StoreConformance("every field of a receipt comes back, the oldest receipt first") { store async throws in
            let late = Samples.receipt("m", "delivered", seenAt: Samples.moment + .seconds(2))
            let early = Samples.receipt("m", "submitted", seenAt: Samples.moment + .seconds(1))
            let middle = Samples.receipt("m", "undeliverable", errorCode: "1260", seenAt: early.seenAt)
            let foreign = SeenReceipt(
                messageUUID: "n",
                commandID: nil,
                status: "submitted",
                timestamp: "yesterday",
                error: ReceiptError(code: "7"),
                seenAt: Samples.moment
            )
            for receipt in [late, early, middle, foreign] { try await store.remember(receipt) }
            #expect(try await store.receipts(of: "m") == [early, middle, late])
            #expect(try await store.receipts(of: "n") == [foreign])
            #expect(try await store.receipts(of: "o") == [])
        },
        StoreConformance(
            "a repeated receipt changes nothing; another status, time or error is another receipt"
        ) { store async throws in
            let first = Samples.receipt("m", "delivered")
            try await store.remember(first)
            try await store.remember(Samples.receipt("m", "delivered", seenAt: Samples.moment + .seconds(9)))
            #expect(try await store.receipts(of: "m") == [first])
            try await store.remember(Samples.receipt("m", "delivered", errorCode: "1"))
            try await store.remember(Samples.receipt("m", "delivered", errorCode: "2"))
            try await store.remember(Samples.receipt("m", "read"))
            #expect(try await store.receipts(of: "m").count == 4)
        },
        StoreConformance(
            "an inbound message is known once it has been noted, and noting it again does nothing"
        ) { store async throws in
            #expect(try await store.hasSeenInbound("i") == false)
            try await store.rememberInbound("i", at: Samples.moment)
            try await store.rememberInbound("i", at: Samples.moment + .seconds(5))
            #expect(try await store.hasSeenInbound("i"))
            #expect(try await store.hasSeenInbound("j") == false)
        },
        StoreConformance(
            "a sweep takes receipts and inbound keys seen before a moment, and no others"
        ) { store async throws in
            let limit = Samples.moment
            let kept = Samples.receipt("new", "delivered", seenAt: limit)
            try await store.remember(Samples.receipt("old", "delivered", seenAt: limit - .milliseconds(1)))
            try await store.remember(kept)
            try await store.rememberInbound("old", at: limit - .milliseconds(1))
            try await store.rememberInbound("new", at: limit)
            #expect(try await store.sweepReceipts(before: limit) == 2)
            #expect(try await store.receipts(of: "old") == [])
            #expect(try await store.receipts(of: "new") == [kept])
            #expect(try await store.hasSeenInbound("old") == false)
            #expect(try await store.hasSeenInbound("new"))
            #expect(try await store.sweepReceipts(before: limit) == 0)
        },
        StoreConformance("a sweep of receipts takes a batch; called again it takes the rest") { store async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...2010 {
                    group.addTask { try await store.remember(Samples.receipt("m\(number)", "delivered")) }
                }
                try await group.waitForAll()
            }
            let after = Samples.moment + .seconds(1)
            #expect(try await store.sweepReceipts(before: after) == 2000)
            #expect(try await store.sweepReceipts(before: after) == 10)
            #expect(try await store.sweepReceipts(before: after) == 0)
        },
    ]
}
