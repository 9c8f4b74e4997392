import ArgumentParser
import Contracts
import Foundation
import SMSCore
import StoreSupport
import Telemetry
import TestSupport

@testable import StoreSQLite

/// What the look at a long suppression list costs.
struct OptOutBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "opt-outs")

    @Option(help: "Entries of the list.")
    var entries = 1_000_000

    @Option(help: "Looks at it.")
    var looks = 100_000

    func run() async throws {
        try await TemporaryFolder.with { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            let memory = residentMegabytes()
            let start = ContinuousClock.now
            for page in stride(from: 0, to: entries, by: 1_000) {
                let numbers = page..<min(entries, page + 1_000)
                _ = try await store.add(
                    numbers.map { OptOut(number: Self.number($0), source: .import, at: Samples.moment) }
                )
            }
            let took = (ContinuousClock.now - start).seconds
            print("opt-outs: \(entries) entries written in \(Int(took)) s, \(Int(Double(entries) / took)) a second")

            // Half of the numbers are on the list; the order is of no use to any cache.
            var random = SystemRandomNumberGenerator()
            let numbers = (0..<looks).map { _ in Self.number(Int.random(in: 0..<2 * entries, using: &random)) }
            var hits = 0
            let times = try await Times.of(looks) { index in
                if try await store.optOut(of: numbers[index], sender: "+14155550199") != nil { hits += 1 }
            }
            print("opt-outs: asked for from outside, with its way to a reader and back: \(times.summary)")
            print("opt-outs: the look itself, in a transaction as an intent's: \(try await looks(numbers, store))")
            print("opt-outs: \(hits * 100 / looks) % of them are on the list")

            // What it adds to the transaction that writes an intent, as a share of that.
            let bare = try await Self.intents(store, listed: false, count: 2_000)
            let barred = try await Self.intents(store, listed: true, count: 2_000)
            print("opt-outs: an intent (one fsync) \(bare.summary)")
            print("opt-outs: an intent that is barred \(barred.summary)")
            print("opt-outs: resident memory \(memory) MB before, \(residentMegabytes()) MB after")
            try await store.close()
        }
    }

    private func looks(_ numbers: [String], _ store: SQLiteStore) async throws -> String {
        let digest = store.digest
        return try await store.writer.write { database in
            try Times.of(numbers.count) { index in
                _ = try database.optOut(of: numbers[index], sender: "+14155550199", digest)
            }
            .summary
        }
    }

    private static func intents(_ store: SQLiteStore, listed: Bool, count: Int) async throws -> Times {
        try await Times.of(count) { index in
            var record = Samples.sending("\(listed)-\(index)")
            record.facts.to = number(listed ? index : 3_000_000_000 + index)
            _ = try await store.begin(record)
        }
    }

    private static func number(_ index: Int) -> String { "+1\(2_000_000_000 + index)" }

    private func residentMegabytes() -> Int64 { (ProcessFigures.read()?.residentBytes ?? 0) / 1_000_000 }
}
