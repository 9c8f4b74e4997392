import SMSCore
import StoreSupport
import TestSupport
import Testing

@testable import StorePostgres

@Suite("A STOP against intents of other replicas", .againstServer, .timeLimit(.minutes(5)))
struct BarringTests {
    private static let number = "+14155550101"

    @Test("an intent that waits behind a STOP sees it, whichever replica took it")
    func stopFirst() async throws {
        try await TestSchema.with { schema in
            let (one, other) = (try await schema.open("a"), try await schema.open("b"))
            let stop = OptOut(number: Self.number, source: .keyword, at: Samples.moment)
            let hasBegun = AsyncStream.makeStream(of: Void.self)
            // The STOP's transaction is held open after its write, as by a slow disk.
            async let taken: Void = one.writer.write(.changes) { session in
                _ = try session.execute(
                    "INSERT INTO opt_out (number, sender, source, at, changed_at) VALUES (?, '*', 'keyword', 1, 1)",
                    [.text(stop.number)]
                )
                hasBegun.continuation.finish()
                // Until the other replica waits for the lock.
                let waiting = """
                    SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                    AND classid::bigint = hashtext(current_schema())::bigint & 4294967295
                    """
                for _ in 0..<200 where try session.execute(waiting).first(as: Int.self) == 0 {
                    _ = try session.execute("SELECT pg_sleep(0.05)")
                }
            }
            for await _ in hasBegun.stream {}
            let result = try await other.begin(Samples.sending("x"))
            try await taken
            guard case .barred(.optedOut(let entry)) = result else {
                Issue.record("it was \(result)")
                return
            }
            #expect(entry.number == Self.number)
            await one.close()
            await other.close()
        }
    }

    @Test("no intent that is committed after a STOP has missed it", arguments: 0..<4)
    func races(round: Int) async throws {
        try await TestSchema.with { schema in
            let stores = [try await schema.open("a"), try await schema.open("b")]
            try await stores[0].execute(
                """
                CREATE TABLE journal (place BIGSERIAL, what TEXT, xid xid8 DEFAULT pg_current_xact_id());
                CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    INSERT INTO journal (what) VALUES (TG_TABLE_NAME); RETURN NULL;
                END $$;
                CREATE CONSTRAINT TRIGGER late AFTER INSERT ON message DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION note();
                CREATE CONSTRAINT TRIGGER late AFTER INSERT ON opt_out DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION note();
                """
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<40 {
                    group.addTask { _ = try await stores[index % 2].begin(Samples.sending("x\(index)")) }
                    if index == 20 + round {
                        group.addTask {
                            let stop = OptOut(number: Self.number, source: .keyword, at: Samples.moment)
                            _ = try await stores[round % 2].add([stop], isImport: false, now: Samples.moment)
                        }
                    }
                }
                try await group.waitForAll()
            }
            // The journal is written at the commit, under the locks: what follows the STOP in it began after it.
            let late = """
                SELECT COUNT(*) FROM journal WHERE what = 'message' AND xid <>
                    (SELECT xid FROM journal WHERE what = 'opt_out')
                AND place > (SELECT place FROM journal WHERE what = 'opt_out')
                """
            #expect(try await stores[0].number(late) == 0)
            #expect(try await stores[0].number("SELECT COUNT(*) FROM journal WHERE what = 'opt_out'") == 1)
            for store in stores { await store.close() }
        }
    }

    @Test("a cancellation bars the next intent of every replica")
    func cancelled() async throws {
        try await TestSchema.with { schema in
            let (one, other) = (try await schema.open("a"), try await schema.open("b"))
            try await one.cancel(.campaign("spring"), at: Samples.moment)
            #expect(try await other.begin(Samples.sending("x", campaign: "spring")) == .barred(.cancelled))
            await one.close()
            await other.close()
        }
    }
}
