import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("A start beside the listener's last note")
struct ListenerStartTests {
    private func gaps(isAlone: Bool, after pause: Duration) async throws -> Int {
        let store = InMemoryStore()
        let (last, start) = (Samples.moment, Samples.moment + pause)
        try await store.noteListening(at: last, tolerance: .zero)
        try await store.noteListening(at: start, tolerance: ListenerBeat.toleranceAtStart(isAlone: isAlone))
        return try await store.gaps(from: last, until: start).count
    }

    @Test("is a gap for a process that is alone, however short")
    func alone() async throws {
        #expect(try await gaps(isAlone: true, after: .milliseconds(500)) == 1)
    }

    @Test("is none where other replicas have listened, and is one where none has")
    func shared() async throws {
        #expect(try await gaps(isAlone: false, after: .milliseconds(900)) == 0)
        #expect(try await gaps(isAlone: false, after: .seconds(10)) == 1)
    }
}
