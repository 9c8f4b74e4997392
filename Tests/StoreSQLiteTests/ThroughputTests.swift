import Contracts
import Foundation
import SMSCore
import StoreSupport
import TestSupport
import Testing

@testable import StoreSQLite

/// Figures for people; run with STORE_FIGURES=1.
@Suite("How fast the store is", .serialized, .enabled(if: ProcessInfo.processInfo.environment["STORE_FIGURES"] != nil))
struct ThroughputTests {
    private static let callers = 64
    private static let commandsPerCaller = 200

    @Test("a look at a million opt-outs, as the transaction of an intent makes it", .timeLimit(.minutes(5)))
    func optOuts() async throws {
        try await withStore { store async throws in
            let count = 1_000_000
            for page in stride(from: 0, to: count, by: 1_000) {
                let numbers = (page..<page + 1_000).map { "+1\(2_000_000_000 + $0)" }
                _ = try await store.add(numbers.map { OptOut(number: $0, source: .import, at: Samples.moment) })
            }
            let digest = store.digest
            let times = try await store.read { database in
                let clock = ContinuousClock()
                return try (0..<100_000).map { _ in
                    let number = "+1\(2_000_000_000 + Int.random(in: 0..<2 * count))"
                    return try clock.measure { _ = try database.optOut(of: number, sender: "Ours", digest) }
                }
                .sorted()
            }
            let microseconds = [0.5, 0.99, 0.999].map { times[Int(Double(times.count) * $0)] / .microseconds(1) }
            print("store: a look at \(count) opt-outs takes (p50, p99, p99.9) \(microseconds.map { Int($0) }) us")
        }
    }

    @Test("a command's whole line of writes and reads, from 64 callers at once")
    func wholeCommands() async throws {
        try await withStore { store async throws in
            let clock = ContinuousClock()
            let before = Self.processorTime()
            let elapsed = try await clock.measure {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for caller in 1...Self.callers {
                        group.addTask {
                            for number in 1...Self.commandsPerCaller {
                                try await Self.command("\(caller)-\(number)", store)
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let commands = Double(Self.callers * Self.commandsPerCaller)
            let seconds = elapsed / .seconds(1)
            let processor = Self.processorTime() - before
            print(
                "store: \(Int(commands / seconds)) commands/s, \(Int(3 * commands / seconds)) writes/s,",
                "\(Int(1e6 * processor / commands)) us of processor time a command"
            )
        }
    }

    @Test("single saves, from 64 callers at once")
    func saves() async throws {
        try await withStore { store async throws in
            let clock = ContinuousClock()
            let elapsed = try await clock.measure {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for caller in 1...Self.callers {
                        group.addTask {
                            for number in 1...Self.commandsPerCaller {
                                _ = try await store.save(Samples.record("\(caller)-\(number)"))
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let writes = Double(Self.callers * Self.commandsPerCaller)
            print("store: \(Int(writes / (elapsed / .seconds(1)))) first saves/s")
        }
    }

    /// Look up, write the intent, write the outcome, mark it published.
    private static func command(_ id: String, _ store: SQLiteStore) async throws {
        #expect(try await store.record(of: Samples.id(id)) == nil)
        guard case .begun(var record) = try await store.begin(Samples.sending(id)) else { return }
        record.attempts = 1
        record.state = .settled(
            Settlement(outcome: .accepted, messageUUID: "uuid-\(id)", error: nil, at: Samples.moment)
        )
        record.keepUntil = Samples.moment + .seconds(1000)
        guard var settled = try await store.save(record) else { return }
        settled.isPublished = true
        _ = try await store.save(settled)
    }

    private static func processorTime() -> Double {
        Double(Foundation.clock()) / Double(CLOCKS_PER_SEC)
    }
}
