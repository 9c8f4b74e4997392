import TestSupport
import Testing

@Suite("The store in memory", .timeLimit(.minutes(3)))
struct InMemoryStoreTests {
    @Test("does what every store does", arguments: StoreConformance.all)
    func conformance(check: StoreConformance) async throws {
        let store = InMemoryStore(
            spoolCapacity: StoreConformance.spoolCapacity,
            spoolByteCapacity: StoreConformance.spoolByteCapacity
        )
        try await check.run(on: store)
    }

    @Test("awaits final receipts as every store does", arguments: OverdueConformance.all)
    func overdue(check: OverdueConformance) async throws { try await check.run(on: InMemoryStore()) }

    @Test("fails as long as it is set to")
    func failure() async throws {
        struct Broken: Error {}
        let store = InMemoryStore()
        await store.fail(with: Broken())
        await #expect(throws: Broken.self) { try await store.save(Samples.record("a")) }
        await #expect(throws: Broken.self) { try await store.record(of: Samples.id("a")) }
        await store.fail(with: nil)
        #expect(try await store.record(of: Samples.id("a")) == nil)
    }
}
