import Testing

@testable import AMQP

@Suite("A consumer over its channels")
struct ConsumerStateMachineTests {
    private let now = ContinuousClock.now
    private let first = ChannelGeneration(number: 1)
    private let second = ChannelGeneration(number: 2)
    private let third = ChannelGeneration(number: 3)

    private func active() -> ConsumerStateMachine {
        var machine = ConsumerStateMachine(retryDelay: .seconds(1) ... .seconds(30))
        #expect(machine.next(now: now) == .subscribe)
        machine.subscribing(on: first)
        machine.subscribed(on: first)
        #expect(machine.state == .active(first))
        return machine
    }

    @Test("When the queue is deleted, the topology is restored after a pause, then a new channel subscribes")
    func queueDeleted() {
        var machine = active()
        let action = machine.cancelledByBroker(on: first, now: now, fraction: 1)
        #expect(action == .closeWhenSettled(first))
        #expect(machine.retryAt == now + .seconds(1))
        #expect(machine.next(now: now) == nil)
        #expect(machine.next(now: now + .seconds(1)) == .restoreTopology)
        #expect(machine.next(now: now + .seconds(1)) == nil)
        #expect(machine.restored() == .subscribe)
        machine.subscribing(on: second)
        machine.subscribed(on: second)
        #expect(machine.state == .active(second))
    }

    @Test("A failed channel is followed by another, with growing pauses until one holds")
    func channelFailed() {
        var machine = active()
        #expect(machine.failed(on: first, now: now, fraction: 1) == nil)
        #expect(machine.next(now: now + .seconds(1)) == .restoreTopology)
        // Whether or not anything could be declared, subscribing shows whether the queue is there.
        #expect(machine.restored() == .subscribe)
        machine.subscribing(on: second)
        #expect(machine.failed(on: first, now: now, fraction: 1) == nil)
        #expect(machine.state == .subscribing(second), "an old channel's end changes nothing")
        #expect(machine.failed(on: second, now: now, fraction: 1) == nil)
        #expect(machine.retryAt == now + .seconds(2))
        #expect(machine.next(now: now + .seconds(2)) == .restoreTopology)
        _ = machine.restored()
        machine.subscribing(on: third)
        machine.subscribed(on: third)
        _ = machine.failed(on: third, now: now, fraction: 1)
        #expect(machine.retryAt == now + .seconds(1))
    }

    @Test("After a lost connection it subscribes at once; recovery restores the topology")
    func connectionLost() {
        var machine = active()
        _ = machine.failed(on: first, now: now, fraction: 1)
        #expect(machine.connectionLost() == nil)
        #expect(machine.next(now: now) == .subscribe)
    }

    @Test("Cancelling waits for the broker, then for the deliveries")
    func cancel() {
        var machine = active()
        #expect(machine.cancel() == .sendCancel(first))
        #expect(machine.cancel() == nil)
        #expect(machine.cancelled(on: second) == nil)
        #expect(machine.cancelled(on: first) == .closeWhenSettled(first))
        #expect(machine.state == .ended)
        #expect(machine.next(now: now) == nil)
    }

    @Test("Cancelling ends at once where there is nothing to wait for")
    func cancelEarly() {
        var waiting = ConsumerStateMachine(retryDelay: .seconds(1) ... .seconds(30))
        #expect(waiting.cancel() == .end)
        var cancelling = active()
        _ = cancelling.cancel()
        #expect(cancelling.connectionLost() == .end)
        var failing = active()
        _ = failing.cancel()
        #expect(failing.failed(on: first, now: now, fraction: 0) == .end)
        var restoring = active()
        _ = restoring.failed(on: first, now: now, fraction: 1)
        _ = restoring.next(now: now + .seconds(1))
        #expect(restoring.cancel() == .end)
        #expect(restoring.restored() == nil)
    }

    @Test("Closing gives back what is open")
    func close() {
        var machine = active()
        #expect(machine.close() == .close(first))
        #expect(machine.state == .ended)
        #expect(machine.close() == .end)
    }
}

@Suite("A consumer's part of the topology")
struct ConsumerTopologyTests {
    private let topology = AMQPTopology(
        exchanges: [AMQPExchange("commands", .direct), AMQPExchange("events", .topic)],
        queues: [AMQPQueue("send"), AMQPQueue("dead")],
        bindings: [
            AMQPBinding(from: "commands", to: .queue("send"), routingKey: "send"),
            AMQPBinding(from: "events", to: .queue("dead")), AMQPBinding(from: "events", to: .exchange("send")),
        ]
    )

    @Test("Its queue, the bindings to it, and where they come from")
    func queue() {
        let part = topology.part(for: .queue("send"))
        #expect(part.exchanges.map(\.name) == ["commands"])
        #expect(part.queues.map(\.name) == ["send"])
        #expect(part.bindings == [topology.bindings[0]])
        #expect(topology.part(for: .queue("foreign")) == .empty)
    }

    @Test("A temporary queue needs only the exchanges it is bound to")
    func temporary() {
        let part = topology.part(for: .temporary([AMQPTemporaryBinding(exchange: "events", routingKey: "#")]))
        #expect(part == AMQPTopology(exchanges: [topology.exchanges[1]]))
    }
}
