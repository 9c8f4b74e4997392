import SMSCore
import StoreSupport
import TestSupport
import Testing

@testable import StorePostgres

@Suite("The schema over PostgreSQL", .againstServer, .timeLimit(.minutes(5)))
struct SchemaTests {
    @Test("replicas that start at the same time make the tables once")
    func together() async throws {
        try await TestSchema.with { schema in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<4 {
                    group.addTask {
                        let store = try await schema.open("boot-\(index)")
                        #expect(try await store.number("SELECT COUNT(*) FROM schema_version") == Schema.steps.count)
                        await store.close()
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("a database of a newer version is served when that version allows it, and refused otherwise")
    func newer() async throws {
        try await TestSchema.with { schema in
            let store = try await schema.open()
            let next = Schema.newest + 1
            try await store.execute("INSERT INTO schema_version VALUES (\(next), 'next', \(Schema.newest), 0)")
            let neighbour = try await schema.open("boot-2")
            #expect(try await neighbour.save(Samples.record("a")) != nil)
            await neighbour.close()
            try await store.execute("INSERT INTO schema_version VALUES (\(next + 1), 'far', \(next), 0)")
            let error = await #expect(throws: StoreError.self) { try await schema.open("boot-3") }
            #expect(error?.code == .schema)
            await store.close()
        }
    }

    @Test("a visitor changes nothing in a database of an older version")
    func visitor() async throws {
        try await TestSchema.with { schema in
            let error = await #expect(throws: StoreError.self) { try await schema.open(isVisiting: true) }
            #expect(error?.code == .outdated)
        }
    }

    @Test(
        "placeholders become the server's",
        arguments: [
            ("a = ? AND b = ?", "a = $1 AND b = $2"), ("?1 ?12 ?1", "$1 $12 $1"), ("'?' = ?", "'?' = $1"),
        ]
    )
    func placeholders(sql: String, expected: String) {
        #expect(Placeholders.numbered(sql) == expected)
    }
}
