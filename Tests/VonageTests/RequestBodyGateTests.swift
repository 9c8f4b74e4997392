import NIOCore
import Testing

@testable import Vonage

@Suite("The gate that records whether a body was written")
struct RequestBodyGateTests {
    @Test("A body that was not asked for was not written, and is never given afterwards")
    func closedFirst() {
        let gate = RequestBodyGate(ByteBuffer(string: "{}"))
        #expect(!gate.close())
        #expect(gate.take() == nil)
        #expect(!gate.close())
    }

    @Test("A body that was asked for counts as written")
    func takenFirst() {
        let gate = RequestBodyGate(ByteBuffer(string: "{}"))
        #expect(gate.take() == ByteBuffer(string: "{}"))
        #expect(gate.close())
        #expect(gate.close())
    }

    @Test("A second reader gets nothing")
    func onlyOnce() {
        let gate = RequestBodyGate(ByteBuffer(string: "{}"))
        _ = gate.take()
        #expect(gate.take() == nil)
    }
}
