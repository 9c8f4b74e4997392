import Foundation
import TestSupport
import Testing

/// `make soak` runs this for minutes, and in variants, `make test` for half a minute; docs/development.md says how to read
/// the ledger.
@Suite(
    "The whole service under load, while the broker, the service and the provider die at random",
    // Set by `make test` and `make soak`; without the script there is no broker that could be killed.
    .enabled(if: PrivateNode.script != nil),
    .serialized,
    .timeLimit(.minutes(12))
)
struct SoakTests {
    @Test("Nothing is lost, nothing is sent twice", arguments: SoakRound.all)
    func round(round: SoakRound) async throws {
        let folder = try round.makeFolder()
        print("soak: seed \(round.seed), commands for \(round.duration.formatted()), logs in \(folder.path)")
        let (ledger, deaths) = try await SoakRun.run(round, in: folder)
        let text = "soak ledger of seed \(round.seed) (\(deaths))\n\(ledger)\n"
        print(text)
        try Data(text.utf8).write(to: folder.appending(path: "ledger.txt"))
        #expect(ledger.findings == [], "the logs are in \(folder.path)")
        #expect(ledger.commands.count > 100, "too few commands to show anything")
        if ledger.findings.isEmpty, !SoakRound.keepsLogs { try FileManager.default.removeItem(at: folder) }
    }
}
