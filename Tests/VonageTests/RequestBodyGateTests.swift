import NIOCore
import Testing

@testable import Vonage

@Suite("The gate that records whether a body was written")
struct RequestBodyGateTests {
    @Test("A body that was not asked for was not written, and is never given afterwards")
    func closedFirst() async throws {
        let gate = RequestBodyGate(ByteBuffer(string: "{}"))
        #expect(!gate.close())
        var iterator = gate.makeAsyncIterator()
        await #expect(throws: CancellationError.self) { _ = try await iterator.next() }
        #expect(!gate.close())
    }

    @Test("A body that was asked for counts as written")
    func takenFirst() async throws {
        let gate = RequestBodyGate(ByteBuffer(string: "{}"))
        var iterator = gate.makeAsyncIterator()
        #expect(try await iterator.next() == ByteBuffer(string: "{}"))
        #expect(try await iterator.next() == nil)
        #expect(gate.close())
        #expect(gate.close())
    }

    @Test("A second reader gets nothing")
    func onlyOnce() async throws {
        let gate = RequestBodyGate(ByteBuffer(string: "{}"))
        var first = gate.makeAsyncIterator()
        var second = gate.makeAsyncIterator()
        _ = try await first.next()
        await #expect(throws: CancellationError.self) { _ = try await second.next() }
    }
}
