import Contracts
import SMSCore
import Testing

extension StoreConformance {
    static let spool: [StoreConformance] = [
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
            #expect(try await store.spoolDepth() == SpoolDepth(waiting: 0, capacity: spoolCapacity))
            for number in 1...spoolCapacity {
                #expect(try await store.spool(Samples.brokerMessage("\(number)"), key: "k", at: Samples.moment))
            }
            #expect(try await store.spoolDepth().isFull)
            #expect(try await store.spool(Samples.brokerMessage("too much"), key: "k", at: Samples.moment) == false)
            let events = try await store.spooled(limit: 100)
            #expect(events.count == spoolCapacity)

            try await store.unspool([events[1].number, events[0].number])
            #expect(try await store.spoolDepth() == SpoolDepth(waiting: spoolCapacity - 2, capacity: spoolCapacity))
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
