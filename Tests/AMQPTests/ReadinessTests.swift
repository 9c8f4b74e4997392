import Glibc
import Testing

@testable import AMQP

@Suite("What poll has found")
struct ReadinessTests {
    @Test("Bytes and room are distinguished, nothing is nothing")
    func events() {
        #expect(Readiness(Int16(POLLIN)) == .readable)
        #expect(Readiness(Int16(POLLOUT)) == .writable)
        #expect(Readiness(Int16(POLLIN) | Int16(POLLOUT)) == [.readable, .writable])
        #expect(Readiness(0 as Int16) == [])
    }

    @Test("A broken socket is to be read and written, so that the error is noticed")
    func broken() {
        #expect(Readiness(Int16(POLLHUP)) == [.readable, .writable])
        #expect(Readiness(Int16(POLLERR)) == [.readable, .writable])
        #expect(Readiness(Int16(POLLNVAL)) == [.readable, .writable])
    }
}
