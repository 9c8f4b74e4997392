import Contracts
import SMSCore
import Testing

extension StoreConformance {
    private static func depth(waiting: Int, bytes: Int) -> SpoolDepth {
        SpoolDepth(waiting: waiting, capacity: spoolCapacity, bytes: bytes, byteCapacity: spoolByteCapacity)
    }

    /// An event with a body of so many bytes, and none of the properties that would add to them.
    private static func large(_ bytes: Int) -> BrokerMessage {
        BrokerMessage(exchange: "e", routingKey: "r", properties: .init(), body: Array(repeating: 1, count: bytes))
    }

    static let spool: [StoreConformance] = [
        StoreConformance("each share has room of its own, in events and in bytes") { store async throws in
            for number in 1...spoolCapacity {
                let event = Samples.brokerMessage("\(number)")
                #expect(try await store.spool(event, key: "k", share: .outbound, at: Samples.moment))
            }
            #expect(try await !store.spool(large(1), key: "k", share: .outbound, at: Samples.moment))
            #expect(try await store.spoolDepth(of: .outbound).isFull)
            #expect(try await !store.spoolDepth(of: .webhooks).isFull)
            // One that fits in part is taken whole; after it nothing more.
            for _ in 1...2 {
                #expect(try await store.spool(large(6_000), key: "k", share: .webhooks, at: Samples.moment))
            }
            let full = try await store.spoolDepth(of: .webhooks)
            #expect(full.isFull && full.waiting == 2 && full.bytes >= 12_000)
            #expect(try await !store.spool(large(1), key: "k", share: .webhooks, at: Samples.moment))
            let events = try await store.spooled(limit: 100)
            #expect(events.count == spoolCapacity + 2)
            #expect(try await store.spoolDepth().waiting == spoolCapacity + 2)
            try await store.unspool(events.map(\.number))
            for share in SpoolShare.allCases {
                #expect(try await store.spoolDepth(of: share) == depth(waiting: 0, bytes: 0))
            }
        },
        StoreConformance("the keys of all that waits are known") { store async throws in
            #expect(try await store.spooledKeys() == [])
            for key in ["a", "b", "a"] {
                #expect(try await store.spool(large(1), key: key, share: .webhooks, at: Samples.moment))
            }
            #expect(try await store.spool(large(1), key: "c", share: .outbound, at: Samples.moment))
            #expect(try await store.spooledKeys() == ["a", "b", "c"])
            try await store.unspool([try #require(try await store.spooled(limit: 1).first).number])
            #expect(try await store.spooledKeys() == ["a", "b", "c"])
        },
        StoreConformance(
            "spooled events come back whole and in order, at most as many as asked for"
        ) { store async throws in
            let moments = (0..<3).map { Samples.moment + .seconds($0) }
            for (index, moment) in moments.enumerated() {
                #expect(try await store.spool(Samples.brokerMessage("\(index)"), key: "k\(index)", at: moment))
            }
            let events = try await store.spooled(limit: 10)
            #expect(events.map(\.message) == (0..<3).map { Samples.brokerMessage("\($0)") })
            #expect(events.map(\.key) == ["k0", "k1", "k2"])
            #expect(events.map(\.at) == moments)
            #expect(events.map(\.number) == events.map(\.number).sorted())
            #expect(Set(events.map(\.number)).count == 3)
            #expect(try await store.spooled(limit: 2) == Array(events.prefix(2)))
            #expect(try await store.spooled(limit: 0) == [])
            #expect(try await store.spooled(limit: -1) == [])
        },
        StoreConformance("the spool is read on from a place") { store async throws in
            for index in 0..<5 {
                #expect(try await store.spool(Samples.brokerMessage("\(index)"), key: "k", at: Samples.moment))
            }
            let all = try await store.spooled(limit: 10)
            #expect(try await store.spooled(after: 0, limit: 2) == Array(all[0...1]))
            #expect(try await store.spooled(after: all[1].number, limit: 2) == Array(all[2...3]))
            #expect(try await store.spooled(after: all[4].number, limit: 2) == [])
        },
        StoreConformance("a message with nothing in it comes back as such") { store async throws in
            let empty = BrokerMessage(exchange: "", routingKey: "", properties: .init(), body: [])
            #expect(try await store.spool(empty, key: "", at: Samples.moment))
            #expect(try await store.spooled(limit: 1).map(\.message) == [empty])
        },
        StoreConformance("a full spool takes nothing more, until something has been removed") { store async throws in
            #expect(try await store.spoolDepth(of: .webhooks) == depth(waiting: 0, bytes: 0))
            for number in 1...spoolCapacity {
                #expect(try await store.spool(Samples.brokerMessage("\(number)"), key: "k", at: Samples.moment))
            }
            #expect(try await store.spoolDepth(of: .webhooks).isFull)
            #expect(try await store.spool(Samples.brokerMessage("too much"), key: "k", at: Samples.moment) == false)
            let events = try await store.spooled(limit: 100)
            #expect(events.count == spoolCapacity)

            try await store.unspool([events[1].number, events[0].number])
            #expect(try await store.spoolDepth(of: .webhooks).waiting == spoolCapacity - 2)
            #expect(try await store.spool(Samples.brokerMessage("last"), key: "k", at: Samples.moment))
            let rest = try await store.spooled(limit: 100)
            #expect(rest.dropLast() == events.dropFirst(2))
            #expect(rest.last?.message == Samples.brokerMessage("last"))
        },
        StoreConformance(
            "a number is never used again, also when the spool was empty in between"
        ) { store async throws in
            _ = try await store.spool(Samples.brokerMessage("1"), key: "k", at: Samples.moment)
            let first = try #require(try await store.spooled(limit: 1).first)
            try await store.unspool([first.number])
            _ = try await store.spool(Samples.brokerMessage("2"), key: "k", at: Samples.moment)
            let second = try #require(try await store.spooled(limit: 1).first)
            #expect(second.number > first.number)
            // A late confirm of the first one removes nothing.
            try await store.unspool([first.number])
            try await store.unspool([])
            #expect(try await store.spoolDepth().waiting == 1)
        },
        StoreConformance("of many events at once no more are taken than fit") { store async throws in
            let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 1...20 {
                    group.addTask {
                        try await store.spool(Samples.brokerMessage("\(number)"), key: "k", at: Samples.moment)
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(taken == spoolCapacity)
            #expect(try await store.spoolDepth().waiting == spoolCapacity)
        },
    ]
}
