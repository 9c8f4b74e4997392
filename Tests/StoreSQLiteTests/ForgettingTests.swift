import Contracts
import Foundation
import GRDB
import SMSCore
import StoreSupport
import TestSupport
import Testing

@testable import StoreSQLite

@Suite("Forgetting a person", .timeLimit(.minutes(3)))
struct ForgettingTests {
    private static let number = "+14155550101"

    private func forget(_ store: SQLiteStore) async throws -> Forgotten {
        try await store.forget(#require(PhoneNumber(Self.number)))
    }

    /// Everything in the database as text.
    private func dump(_ store: SQLiteStore) async throws -> String {
        try await store.read { database in
            let tables = try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
            return try tables.map { table in
                try Row.fetchAll(database, sql: "SELECT * FROM \(table)").map(\.debugDescription).joined()
            }
            .joined()
        }
    }

    @Test("leaves nothing of the number in the database, and keeps ids and outcomes")
    func erased() async throws {
        try await withStore { store in
            let settlement = Settlement(
                outcome: .rejected,
                messageUUID: nil,
                error: EventError(.providerRejected, detail: "14155550101 is no good"),
                at: Samples.moment
            )
            var rejected = Samples.full("a", state: .settled(settlement))
            rejected.facts.metadata = ["who": "4155550101"]
            let saved = try #require(try await store.save(rejected))
            _ = try await store.save(Samples.accepted("b", uuid: "u-b"))
            var other = Samples.accepted("c", uuid: "u-c")
            other.facts.to = "+14155550199"
            let untouched = try #require(try await store.save(other))
            _ = try await store.add(OptOut(number: Self.number, source: .keyword, messageUUID: "m", at: Samples.moment))
            let first = Forgotten(records: 2, recipients: 0, optOuts: 1, open: 1)
            #expect(try await forget(store) == first, "the change of the list is still to be published")
            try await store.noteEveryOptOutChangePublished()

            #expect(try await forget(store) == Forgotten(records: 0, recipients: 0, optOuts: 1, open: 0))
            #expect(try await !dump(store).contains("4155550101"))
            let record = try #require(try await store.record(of: rejected.id))
            #expect(record.settlement?.outcome == .rejected)
            #expect(record.settlement?.error?.code == .providerRejected)
            #expect(record.bodyDigest == saved.bodyDigest)
            #expect(record.facts.campaignID == "spring")
            #expect(try await store.record(of: other.id) == untouched)
        }
    }

    @Test("leaves nothing of it in the files either")
    func files() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder + "/store.db"
            let store = try SQLiteStore(path: path)
            for number in 0..<50 {
                // Written twice, so that there are old pages with it.
                let record = try #require(try await store.save(Samples.record("\(number)")))
                var settled = Samples.accepted("\(number)", uuid: "u-\(number)")
                settled.version = record.version
                _ = try await store.save(settled)
            }
            #expect(try await forget(store).records == 50)
            try await store.close()
            for name in ["store.db", "store.db-wal"] {
                guard let bytes = try? Data(contentsOf: URL(filePath: folder + "/" + name)) else { continue }
                #expect(bytes.firstRange(of: Data("4155550101".utf8)) == nil, "\(name)")
            }
        }
    }

    @Test("keeps what is under way, and says so")
    func open() async throws {
        try await withStore { store in
            let pending = try #require(try await store.save(Samples.record("a")))
            #expect(try await forget(store) == Forgotten(records: 0, recipients: 0, optOuts: 0, open: 1))
            #expect(try await store.record(of: pending.id) == pending)
        }
    }

    @Test("goes on barring the number, by a digest that no list shows; START still takes it off")
    func digest() async throws {
        try await withStore { store in
            let entry = OptOut(
                number: Self.number,
                sender: "Ours",
                source: .keyword,
                keyword: "STOP",
                at: Samples.moment
            )
            _ = try await store.add(entry)
            #expect(try await forget(store).optOuts == 1)
            #expect(try await forget(store).optOuts == 1)
            let listed = try await store.optOuts(after: nil, limit: 10)
            #expect(listed.map { $0.number.hasPrefix("forgotten:") } == [true])
            #expect(try await store.optOut(of: Self.number, sender: "Ours") == entry)
            var record = Samples.sending("a")
            record.facts.from = "Ours"
            #expect(try await store.begin(record) == .barred(.optedOut(entry)))
            #expect(try await store.add(entry) == false, "it is on the list already")
            #expect(try await store.optOut(of: "+14155550102", sender: "Ours") == nil)
            #expect(try await store.removeOptOut(of: Self.number, sender: "Ours") == entry)
            #expect(try await store.optOut(of: Self.number, sender: "Ours") == nil)
        }
    }
}
