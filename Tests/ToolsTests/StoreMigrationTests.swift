import StoreSupport
import Testing

@testable import Tools

@Suite("A store that moves to PostgreSQL")
struct StoreMigrationTests {
    @Test("has to be there: a misspelt path makes no empty store and moves none")
    func missing() async throws {
        let migration = StoreMigration(from: "/nowhere/store.db", to: "postgres://127.0.0.1:1/none")
        let error = await #expect(throws: StoreError.self) { try await migration.run() }
        #expect(error?.code == .cannotOpen)
        #expect(error?.message == "There is no file /nowhere/store.db.")
    }
}
