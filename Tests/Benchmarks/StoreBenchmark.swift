import ArgumentParser
import Contracts
import SMSCore
import StoreSQLite
import TestSupport

/// What grouping writes brings: the same writes by one caller and by many.
struct StoreBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "store")

    @Option(help: "Records.")
    var records = 6_400

    func run() async throws {
        try await TemporaryFolder.with { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            let alone = try await write(to: store, callers: 1, "alone")
            let together = try await write(to: store, callers: 64, "together")
            print("store: 1 caller \(Int(alone)) records/s, 64 callers \(Int(together)) records/s:", terminator: " ")
            print("\(Int(together / alone * 10) / 10) times as many, each on disk before it is reported")
            try await store.close()
        }
    }

    private func write(to store: SQLiteStore, callers: Int, _ name: String) async throws -> Double {
        let share = records / callers / (callers == 1 ? 8 : 1)
        let time = try await ContinuousClock().measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<callers {
                    group.addTask {
                        for index in 0..<share {
                            _ = try await store.save(Samples.record("\(name)-\(caller)-\(index)"))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        return Double(share * callers) / time.seconds
    }
}
