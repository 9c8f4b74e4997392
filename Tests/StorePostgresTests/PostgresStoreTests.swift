import SMSCore
import StoreSupport
import TestSupport
import Testing

@testable import StorePostgres

@Suite("The store over PostgreSQL", .againstServer, .timeLimit(.minutes(5)))
struct PostgresStoreTests {
    @Test("does what every store does", arguments: StoreConformance.all)
    func conformance(check: StoreConformance) async throws {
        try await withStore { try await check.run(on: $0) }
    }

    @Test("a failing change does not undo its neighbours of the same transaction")
    func neighbours() async throws {
        try await withStore { store async throws in
            // One change holds the writer, so that the others gather behind it.
            async let first = store.save(Samples.record("first"))
            async let bad: Void = store.writer.write {
                _ = try $0.execute("INSERT INTO message (id) VALUES ('broken')")
            }
            async let good = store.save(Samples.record("good"))
            #expect(try await first?.version == 1)
            let failure: (any Error)?
            do {
                try await bad
                failure = nil
            } catch {
                failure = error
            }
            #expect((failure as? StoreError)?.code == .misuse)
            #expect(try await good?.version == 1)
            #expect(try await store.record(of: Samples.id("good")) != nil)
            #expect(try await store.number("SELECT COUNT(*) FROM message WHERE id = 'broken'") == 0)
        }
    }

    @Test("of many replicas that begin one attempt, one does")
    func oneWinner() async throws {
        try await TestSchema.with { schema in
            let stores = [try await schema.open("a"), try await schema.open("b"), try await schema.open("c")]
            let saved = try await stores[0].save(Samples.record("x"))
            var record = Samples.sending("x")
            record.version = try #require(saved).version
            let intent = record
            let results = try await withThrowingTaskGroup(of: IntentResult.self) { group in
                for index in 0..<30 { group.addTask { try await stores[index % 3].begin(intent) } }
                return try await group.reduce(into: [IntentResult]()) { $0.append($1) }
            }
            let begun = results.filter { if case .begun = $0 { true } else { false } }
            #expect(begun.count == 1)
            #expect(results.count { $0 == .lost } == 29)
            for store in stores { await store.close() }
        }
    }

    @Test("goes on after the server has ended its connections")
    func reconnects() async throws {
        try await TestSchema.with { schema in
            let store = try await schema.open()
            _ = try await store.save(Samples.record("before"))
            let process = try await store.writerProcess()
            try await TestDatabase.run("SELECT pg_terminate_backend(\(process), 5000)", uri: schema.uri)
            #expect(try await store.save(Samples.record("after"))?.version == 1)
            #expect(try await store.record(of: Samples.id("before")) != nil)
            #expect(try await store.writerProcess() != process)
            await store.close()
        }
    }

    @Test("a commit whose answer is lost is looked up, and its caller hears what became of it")
    func lostCommit() async throws {
        try await TestSchema.with { schema in
            let store = try await schema.open()
            // The trigger ends the session at the very end of the commit of one record, and lets the repeat through:
            // what is asked for is done once, and its caller hears of it.
            try await store.execute(
                """
                CREATE TABLE once (number SERIAL);
                CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF nextval('once_number_seq') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
                    RETURN NULL;
                END $$;
                CREATE CONSTRAINT TRIGGER late AFTER INSERT ON message DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION broken();
                """
            )
            #expect(try await store.save(Samples.record("a"))?.version == 1)
            #expect(try await store.number("SELECT COUNT(*) FROM message") == 1)
            await store.close()
        }
    }

    @Test("an unknown host is an error that can be tried again, and says no password")
    func unreachable() async throws {
        let options = PostgresStore.Options(
            uri: "postgres://sms:secret-word@127.0.0.1:1/none?connect_timeout=2",
            owner: BootID("a")
        )
        let error = await #expect(throws: StoreError.self) { try await PostgresStore.open(options) }
        #expect(error?.code == .unavailable)
        #expect(error?.isRetriable == true)
        #expect(error?.debugDescription.contains("secret-word") == false)
    }

    @Test("a text with a NUL is kept with its sign, and takes nothing with it")
    func nul() async throws {
        try await withStore { store async throws in
            try await store.rememberInbound("a\0b", at: Samples.moment)
            #expect(try await store.hasSeenInbound("a\0b"))
            #expect(try await !store.hasSeenInbound("a"))
        }
    }
}
