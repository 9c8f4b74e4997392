import Testing

@testable import AMQP

@Suite("A connection's state")
struct ConnectionStateMachineTests {
    private let start = ContinuousClock.now
    private let lost = AMQPError(.connectionLost, "gone", level: .connection)

    private func machine() -> ConnectionStateMachine {
        ConnectionStateMachine(reconnectDelay: .seconds(1) ... .seconds(30))
    }

    @Test("From idle over connecting to connected, lost and back")
    func life() {
        var machine = machine()
        #expect(machine.status.state == .idle)
        machine.attempt()
        #expect(machine.status.state == .connecting)
        machine.connected(to: "amqp://h", at: start)
        #expect(machine.status.state == .connected)
        #expect(machine.status.endpoint == "amqp://h")
        #expect(machine.failed(lost, at: start + .seconds(1), fraction: 1) == .seconds(1))
        #expect(machine.status.state == .reconnecting(reason: lost, attempt: 0))
        #expect(machine.status.endpoint == nil)
        #expect(machine.retryAt == start + .seconds(2))
        machine.attempt()
        #expect(machine.retryAt == nil)
        #expect(machine.status.state == .reconnecting(reason: lost, attempt: 1))
        machine.connected(to: "amqp://h", at: start + .seconds(3))
        #expect(machine.status.reconnectCount == 1)
        #expect(machine.status.lastError == lost)
    }

    @Test("The pause grows over connections that do not hold, and is short again after one that did")
    func pauses() {
        var machine = machine()
        machine.attempt()
        machine.connected(to: "h", at: start)
        #expect(machine.failed(lost, at: start + .seconds(1), fraction: 1) == .seconds(1))
        machine.connected(to: "h", at: start)
        #expect(machine.failed(lost, at: start + .seconds(1), fraction: 1) == .seconds(2))
        machine.connected(to: "h", at: start)
        #expect(machine.failed(lost, at: start + .seconds(30), fraction: 1) == .seconds(1))
    }

    @Test("Time spent blocked adds up, over reconnects too")
    func blocked() {
        var machine = machine()
        machine.blocked(reason: "early", at: start)
        #expect(machine.status.state == .idle)
        machine.attempt()
        machine.connected(to: "h", at: start)
        machine.blocked(reason: "memory", at: start)
        machine.blocked(reason: "disk", at: start + .seconds(1))
        #expect(machine.status.state == .blocked(reason: "disk"))
        #expect(machine.status.state.isConnected)
        #expect(machine.status.blockedTime(at: start + .seconds(2)) == .seconds(2))
        machine.unblocked(at: start + .seconds(3))
        #expect(machine.status.state == .connected)
        machine.blocked(reason: "memory", at: start + .seconds(10))
        machine.failed(lost, at: start + .seconds(11), fraction: 1)
        #expect(machine.status.blockedTime(at: start + .seconds(99)) == .seconds(4))
    }

    @Test("Once closing, nothing leads back")
    func closing() {
        var machine = machine()
        machine.attempt()
        machine.closing(at: start)
        machine.connected(to: "h", at: start)
        machine.failed(lost, at: start, fraction: 1)
        machine.attempt()
        #expect(machine.status.state == .closing)
        #expect(machine.retryAt == nil)
        machine.closed()
        machine.closing(at: start)
        #expect(machine.status.state == .closed)
    }
}
