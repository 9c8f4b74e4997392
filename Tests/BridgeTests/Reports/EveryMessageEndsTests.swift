import Contracts
import Foundation
import SMSCore
import StoreSQLite
import StoreSupport
import TestSupport
import Testing

@testable import Bridge

@Suite("10,000 messages, a tenth of whose receipts are lost", .timeLimit(.minutes(10)))
struct EveryMessageEndsTests {
    private static let count = 10_000
    private static let prices = ["0.0333", "0.0071", "0.10", "1.2345678"]

    private static func digits(_ number: Int) -> String {
        (number % 3 == 0 ? "4477009" : "1415555") + "\(10_000 + number)"
    }
    private static func price(_ number: Int) -> String { prices[number % prices.count] }
    private static func status(_ number: Int) -> String { number % 7 == 0 ? "rejected" : "delivered" }
    private static func isLost(_ number: Int) -> Bool { number % 10 == 4 }

    /// Does something for every number, many at a time, as a service does.
    private func forAll(
        _ numbers: some Sequence<Int>,
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, number) in numbers.enumerated() {
                if index >= 200 { try await group.next() }
                group.addTask { try await body(number) }
            }
            try await group.waitForAll()
        }
    }

    private func end(_ number: Int, _ bench: EndsBench<SQLiteStore>) -> ReceiptReport {
        bench.receipt(
            "m-\(number)",
            Self.status(number),
            to: Self.digits(number),
            price: Self.price(number),
            code: Self.status(number) == "rejected" ? "1330" : nil
        )
    }

    @Test("each ends in a final status or overdue; asked for, each in a final one; sums are exact")
    func all() async throws {
        try await TemporaryFolder.with { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            let bench = EndsBench(store)
            try await forAll(0..<Self.count) { number in
                try await bench.accept(
                    "m-\(number)",
                    to: Self.digits(number),
                    campaign: number.isMultiple(of: 2) ? "spring" : nil
                )
            }
            try await forAll((0..<Self.count).filter { !Self.isLost($0) }) { number in
                // `submitted` carries the price too, which counts once.
                if number.isMultiple(of: 5) {
                    let report = bench.receipt("m-\(number)", "submitted", price: Self.price(number))
                    _ = try await bench.flow.take(report, from: .webhook)
                }
                _ = try await bench.flow.take(end(number, bench), from: .webhook)
            }
            bench.pass(.seconds(72 * 3_600))
            await bench.overdueWorker().publishDue()
            try await expectEnds(bench, lost: "overdue")
            let lost = (0..<Self.count).filter(Self.isLost)
            #expect(try await store.overdueCount() == lost.count)

            // Another process on the same store; the one before has published everything once.
            let second = EndsBench(store, at: bench.now)
            for number in lost { second.reports.know(end(number, second)) }
            await second.overdueWorker().publishDue()
            #expect(second.publisher.published.isEmpty)
            let worker = second.reportsWorker()
            while await worker.step() != nil {}
            #expect(second.reports.asked.count <= (lost.count + 19) / 20)
            #expect(second.reports.asked.allSatisfy { $0.count <= 20 })
            #expect(try await store.overdueCount() == 0)
            let asked = try second.events()
            #expect(asked.count == lost.count && Set(asked.map(\.subject)).count == lost.count)
            #expect(asked.allSatisfy { $0.data.final && $0.data.source == .reports })

            // The webhooks come after all.
            try await forAll(lost) { number in
                var report = end(number, second)
                report.timestamp = second.now
                _ = try await second.flow.take(report, from: .webhook)
            }
            #expect(try second.events().count == lost.count)
            try expectSums([bench.ends, second.ends])
            try await store.close()
        }
    }

    private func expectEnds(_ bench: EndsBench<SQLiteStore>, lost: String) async throws {
        var ends: [String: [String]] = [:]
        for event in try bench.events() where event.data.final || event.data.status == "overdue" {
            ends[event.data.messageUUID, default: []].append(event.data.status)
        }
        let wrong = (0..<Self.count).filter { ends["u-m-\($0)"] != [Self.isLost($0) ? lost : Self.status($0)] }
        #expect(wrong == [])
    }

    /// The sums of both processes against Foundation's decimals.
    private func expectSums(_ ledgers: [EndLedger]) throws {
        func expected(_ isOurs: (Int) -> Bool) -> Decimal {
            (0..<Self.count).filter(isOurs).reduce(Decimal(0)) { sum, number in
                sum + (Decimal(string: Self.price(number)) ?? 0)
            }
        }
        func sum(_ dimension: UsageSums.Dimension, _ label: String) throws -> Decimal {
            try ledgers.reduce(Decimal(0)) { total, ledger in
                let key = UsageSums.Key(currency: "EUR", label: label)
                let sum = try #require(ledger.usage.sums[dimension]?[key], "\(dimension) \(label)")
                return total + (Decimal(string: sum.description) ?? 0)
            }
        }
        #expect(try sum(.country, "44") == expected { $0 % 3 == 0 })
        #expect(try sum(.country, "1") == expected { $0 % 3 != 0 })
        #expect(try sum(.sender, "14155550199") == expected { _ in true })
        #expect(try sum(.campaign, "spring") == expected { $0.isMultiple(of: 2) })
    }
}
