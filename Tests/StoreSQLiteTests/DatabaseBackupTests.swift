import Foundation
import StoreSQLite
import StoreSupport
import TestSupport
import Testing

@Suite("A backup of a store that is served", .timeLimit(.minutes(3)))
struct DatabaseBackupTests {
    @Test("has what was written before it, is one file of its owner's, and opens as a store")
    func whole() async throws {
        try await TemporaryFolder.with { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            _ = try await store.save(Samples.record("before"))
            let target = folder + "/backup.db"
            let report = try DatabaseBackup.copy(folder + "/store.db", to: target)
            _ = try await store.save(Samples.record("after"))
            try await store.close()

            let attributes = try FileManager.default.attributesOfItem(atPath: target)
            #expect((attributes[.size] as? NSNumber)?.int64Value == report.byteCount)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            #expect(!report.schema.isEmpty)
            let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("backup") }
            #expect(files == ["backup.db"])
            let copy = try SQLiteStore(path: target)
            #expect(try await copy.record(of: Samples.id("before")) != nil)
            #expect(try await copy.record(of: Samples.id("after")) == nil)
            try await copy.close()
        }
    }

    @Test("is one moment of the store, whatever is written meanwhile, and holds no writer up")
    func oneMoment() async throws {
        try await TemporaryFolder.with { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            for number in 0..<400 { _ = try await store.save(Samples.record("r-\(number)")) }
            for round in 0..<3 {
                async let writing: Void = {
                    for number in 0..<50 { _ = try await store.save(Samples.record("w-\(round)-\(number)")) }
                }()
                _ = try DatabaseBackup.copy(folder + "/store.db", to: folder + "/backup-\(round).db")
                try await writing
                let copy = try SQLiteStore(path: folder + "/backup-\(round).db")
                // What one writer wrote one after the other is there up to some moment, and not after.
                var isThere: [Bool] = []
                for number in 0..<50 {
                    isThere.append(try await copy.record(of: Samples.id("w-\(round)-\(number)")) != nil)
                }
                #expect(isThere == isThere.filter { $0 } + isThere.filter { !$0 })
                #expect(try await copy.record(of: Samples.id("r-399")) != nil)
                try await copy.close()
            }
            try await store.close()
        }
    }

    @Test("overwrites no file, and leaves none when it fails")
    func target() async throws {
        try await TemporaryFolder.with { folder in
            let store = try SQLiteStore(path: folder + "/store.db")
            let kept = URL(filePath: folder + "/kept.db")
            try Data("mine".utf8).write(to: kept)
            let exists = #expect(throws: DatabaseBackup.Failure.self) {
                _ = try DatabaseBackup.copy(folder + "/store.db", to: kept.path)
            }
            #expect(exists?.cause == .target)
            #expect(try Data(contentsOf: kept) == Data("mine".utf8))
            let nowhere = #expect(throws: DatabaseBackup.Failure.self) {
                _ = try DatabaseBackup.copy(folder + "/store.db", to: folder + "/no/such/backup.db")
            }
            #expect(nowhere?.cause == .target)
            try await store.close()
        }
    }

    @Test("of no store, or of something else, is refused, and makes nothing")
    func source() async throws {
        try await TemporaryFolder.with { folder in
            let missing = #expect(throws: DatabaseBackup.Failure.self) {
                _ = try DatabaseBackup.copy(folder + "/none.db", to: folder + "/backup.db")
            }
            #expect(missing?.cause == .source)
            try Data("no database, and long enough to be read as one".utf8).write(
                to: URL(filePath: folder + "/text.db")
            )
            let text = #expect(throws: DatabaseBackup.Failure.self) {
                _ = try DatabaseBackup.copy(folder + "/text.db", to: folder + "/backup.db")
            }
            #expect(text?.cause == .source)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["text.db"])
        }
    }

    @Test("of a damaged store is refused as damaged")
    func damaged() async throws {
        try await TemporaryFolder.with { folder in
            let path = folder + "/store.db"
            let store = try SQLiteStore(path: path)
            for number in 0..<300 { _ = try await store.save(Samples.record("r-\(number)")) }
            try await store.close()
            // Page 1 stays, so that it opens; every further page is overwritten.
            var bytes = try Data(contentsOf: URL(filePath: path))
            for index in stride(from: 4096, to: bytes.count, by: 4096) {
                bytes.replaceSubrange(index..<min(index + 4096, bytes.count), with: Data(repeating: 0x5A, count: 4096))
            }
            try bytes.write(to: URL(filePath: path))
            let failure = #expect(throws: DatabaseBackup.Failure.self) {
                _ = try DatabaseBackup.copy(path, to: folder + "/backup.db")
            }
            // Where the list of steps itself cannot be read, the store is unreadable.
            #expect(failure?.cause == .damaged || failure?.cause == .source)
            #expect(!FileManager.default.fileExists(atPath: folder + "/backup.db"))
        }
    }
}
