import Contracts
import Foundation
import SMSCore
import StoreSQLite
import StoreSupport
import TestSupport
import Testing

@Suite("What was written stays written", .timeLimit(.minutes(3)))
struct DurabilityTests {
    @Test("every commit waits for the disk, and a busy database is waited for, on each connection")
    func settings() async throws {
        try await withStore { store async throws in
            let expected = DurabilitySettings(journalMode: "wal", synchronous: 2, busyTimeout: 5000)
            #expect(try await store.durabilitySettings() == expected)
            #expect(try await store.readerSettings() == expected)
        }
    }

    @Test("a database opened again has everything")
    func reopening() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder + "/store.db"
            let first = try SQLiteStore(path: path)
            let record = try await first.save(Samples.full("a", state: .pending))
            let noted = try await first.claimAnonymousID(
                digest: "d",
                isRedelivered: false,
                holder: "1",
                fresh: Samples.id("n"),
                now: Samples.moment
            )
            try await first.remember(Samples.receipt("m", "delivered", errorCode: "3"))
            try await first.rememberInbound("i", at: Samples.moment)
            _ = try await first.spool(Samples.brokerMessage("event"), key: "k", at: Samples.moment)
            let spooled = try await first.spooled(limit: 9)
            try await first.cancel(.campaign("spring"), at: Samples.moment)
            _ = try await first.beginHandling("delivery", at: Samples.moment)
            try await first.noteListening(at: Samples.moment, tolerance: .seconds(1))
            try await first.close()

            let second = try SQLiteStore(path: path)
            #expect(try await second.record(of: Samples.id("a")) == record)
            let claimed = try await second.claimAnonymousID(
                digest: "d",
                isRedelivered: true,
                holder: "2",
                fresh: Samples.id("x"),
                now: Samples.moment
            )
            #expect(claimed == noted)
            #expect(try await second.receipts(of: "m") == [Samples.receipt("m", "delivered", errorCode: "3")])
            #expect(try await second.hasSeenInbound("i"))
            #expect(try await second.spooled(limit: 9) == spooled)
            #expect(try await second.spoolDepth().waiting == 1)
            #expect(try await second.bar(on: Samples.id("b"), campaignID: "spring") == .cancelled)
            #expect(try await second.beginHandling("delivery", at: Samples.moment) == 2)
            let back = Samples.moment + .seconds(60)
            try await second.noteListening(at: back, tolerance: .seconds(1))
            let silence = ListenerGap(.down, from: Samples.moment, until: back)
            #expect(try await second.gaps(from: Samples.moment, until: back) == [silence])
            #expect(try await second.durabilitySettings().synchronous == 2)
            try await second.close()
        }
    }

    @Test("a process killed in the middle of writing leaves every acknowledged write readable")
    func killedWhileWriting() async throws {
        try await TemporaryFolder.with { folder in
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
                let store = try SQLiteStore(path: folder + "/store.db")
                let acknowledged = open(folder + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 1...16 {
                        group.addTask {
                            for number in 1... {
                                let id = "\(writer)-\(number)"
                                _ = try await store.save(Samples.record(id))
                                let line = Array((id + "\n").utf8)
                                guard write(acknowledged, line, line.count) == line.count else { return }
                                // The last writer ends it for all, while the others are somewhere in a write.
                                if writer == 16, number == 40 { kill(getpid(), SIGKILL) }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let lines = try String(contentsOfFile: folder + "/acknowledged", encoding: .utf8).split(separator: "\n")
            #expect(lines.count > 16)
            let store = try SQLiteStore(path: folder + "/store.db")
            for line in lines {
                let record = try await store.record(of: Samples.id(String(line)))
                #expect(record?.version == 1, "\(line)")
            }
            try await store.close()
        }
    }

    @Test("only its owner can read the database, which holds phone numbers")
    func permissions() async throws {
        try await TemporaryFolder.with { folder in
            let store = try SQLiteStore(path: folder + "/data/store.db")
            _ = try await store.save(Samples.record("a"))
            let names = ["", "/store.db", "/store.db-wal", "/store.db-shm", "/store.db.lock"]
            for name in names {
                let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/data" + name)
                let mode = try #require(attributes[.posixPermissions] as? Int)
                #expect(mode & 0o077 == 0, "\(name)")
            }
            try await store.close()
        }
    }
}
