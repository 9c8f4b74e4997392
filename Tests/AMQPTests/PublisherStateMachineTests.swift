import Testing

@testable import AMQP

@Suite("Publishes from first to last")
struct PublisherStateMachineTests {
    private let start = ContinuousClock.now
    private let first = ChannelGeneration(number: 101)
    private let second = ChannelGeneration(number: 102)
    private let third = ChannelGeneration(number: 103)
    private let lost = AMQPError(.connectionLost, "gone", level: .connection)

    private func message(_ name: String, exchange: String = "e", key: String = "k") -> OutgoingMessage {
        OutgoingMessage(
            AMQPMessage(body: Array(name.utf8)),
            exchange: exchange,
            routingKey: key,
            isMandatory: true
        )
    }

    private func machine(window: Int = 10, _ ids: UInt64...) -> PublisherStateMachine {
        var machine = PublisherStateMachine(window: window, retirement: .seconds(5))
        for id in ids { machine.submit(message("m\(id)"), id: id, deadline: start + .seconds(Int(id))) }
        return machine
    }

    /// Writes all it can, opening channels from the list.
    private func write(_ machine: inout PublisherStateMachine, _ channels: ChannelGeneration...) -> [String] {
        var channels = channels[...]
        var written: [String] = []
        while let step = machine.next() {
            switch step {
            case .openChannel(let route):
                guard let channel = channels.popFirst() else { return written + ["open"] }
                machine.opened(channel, route: route)
            case .write(let outgoing, let channel):
                written.append("\(String(decoding: outgoing.message.body, as: UTF8.self))@\(channel.number)")
            case .settle(let settled): written.append("\(settled.id): \(settled.outcome.code?.rawValue ?? "")")
            }
        }
        return written
    }

    @Test("Nothing is written without a connection; then everything, in order")
    func order() {
        var machine = machine(1, 2, 3)
        #expect(write(&machine).isEmpty)
        machine.connected()
        #expect(write(&machine, first) == ["m1@101", "m2@101", "m3@101"])
        let effects = machine.confirm(on: first, tag: 2, multiple: true, isAck: true)
        #expect(effects.settled == [.init(id: 1, outcome: .confirmed), .init(id: 2, outcome: .confirmed)])
        #expect(machine.count == 1)
        #expect(machine.confirm(on: first, tag: 2, multiple: true, isAck: true).settled.isEmpty)
    }

    @Test("The window holds the rest back until confirms make room")
    func window() {
        var machine = machine(window: 2, 1, 2, 3)
        machine.connected()
        #expect(write(&machine, first) == ["m1@101", "m2@101"])
        #expect(write(&machine).isEmpty)
        _ = machine.confirm(on: first, tag: 1, multiple: false, isAck: true)
        #expect(write(&machine) == ["m3@101"])
    }

    @Test("While the broker is in alarm nothing is written")
    func blocked() {
        var machine = machine(1)
        machine.connected()
        machine.setBlocked(true)
        #expect(write(&machine, first).isEmpty)
        let effects = machine.expire(now: start + .seconds(1), lastError: nil)
        #expect(effects.settled.map(\.outcome.code) == [.blocked])
        machine.setBlocked(false)
        machine.submit(message("m2"), id: 2, deadline: start + .seconds(9))
        #expect(write(&machine, first) == ["m2@101"])
    }

    @Test(
        "A refused message is tried on a new channel, before those that wait; the old channel closes when it is empty"
    )
    func nackThenAck() {
        var machine = machine(window: 2, 1, 2, 3)
        machine.connected(channelLimit: 3)
        _ = write(&machine, first)
        var effects = machine.confirm(on: first, tag: 1, multiple: false, isAck: false)
        #expect(effects == PublisherStateMachine.Effects())
        #expect(write(&machine, second) == ["m1@102"])
        effects = machine.confirm(on: first, tag: 2, multiple: false, isAck: true)
        #expect(effects.settled == [.init(id: 2, outcome: .confirmed)])
        #expect(effects.channelsToClose == [first])
        effects = machine.confirm(on: second, tag: 1, multiple: false, isAck: true)
        #expect(effects.settled == [.init(id: 1, outcome: .confirmed)])
        #expect(effects.channelsToClose.isEmpty)
    }

    @Test("After three channels a refused message counts as refused")
    func nackedForGood() {
        var machine = machine(1)
        machine.connected(channelLimit: 3)
        for channel in [first, second, third] {
            #expect(write(&machine, channel) == ["m1@\(channel.number)"])
            let effects = machine.confirm(on: channel, tag: 1, multiple: false, isAck: false)
            #expect(effects.channelsToClose == [channel])
            #expect(effects.settled.map(\.outcome.code) == (channel == third ? [.nacked] : []))
        }
        #expect(machine.count == 0 && machine.inFlightCount == 0)
    }

    @Test("A return belongs to the oldest equal publish, and fails it when its confirm comes")
    func returned() {
        var machine = machine()
        for (id, name) in [(1, "a"), (2, "b"), (3, "b")] {
            machine.submit(message(name), id: UInt64(id), deadline: start + .seconds(9))
        }
        machine.connected()
        _ = write(&machine, first)
        let error = AMQPError(.returned, "NO_ROUTE", replyCode: 312)
        machine.returned(
            on: first,
            exchange: "e",
            routingKey: "k",
            message: AMQPMessage(body: Array("b".utf8)),
            error: error
        )
        machine.returned(
            on: first,
            exchange: "e",
            routingKey: "other",
            message: AMQPMessage(body: Array("a".utf8)),
            error: error
        )
        let effects = machine.confirm(on: first, tag: 3, multiple: true, isAck: true)
        #expect(effects.settled.map(\.outcome) == [.confirmed, .failed(error), .confirmed])
    }

    @Test("When the connection is lost, what was written has an unknown outcome, the rest waits on")
    func connectionLost() {
        var machine = machine(window: 2, 1, 2, 3)
        machine.connected()
        _ = write(&machine, first)
        let effects = machine.connectionLost(lost)
        #expect(Set(effects.settled.map(\.id)) == [1, 2])
        #expect(effects.settled.map(\.outcome.code) == [.unknownOutcome, .unknownOutcome])
        #expect(machine.confirm(on: first, tag: 1, multiple: true, isAck: true).settled.isEmpty)
        machine.connected()
        #expect(write(&machine, second) == ["m3@102"])
    }

    @Test("Deadlines end each publish with what is known about it")
    func deadlines() {
        var machine = machine(window: 1, 1, 2)
        #expect(machine.nextDeadline == start + .seconds(1))
        machine.connected()
        _ = write(&machine, first)
        #expect(machine.expire(now: start, lastError: nil).settled.isEmpty)
        let effects = machine.expire(now: start + .seconds(2), lastError: nil)
        let codes = Dictionary(uniqueKeysWithValues: effects.settled.map { ($0.id, $0.outcome.code) })
        #expect(codes == [1: .unknownOutcome, 2: .timeout])
        #expect(machine.nextDeadline == start + .seconds(7), "the channel is kept for a while")
        #expect(machine.inFlightCount == 0)
        let late = machine.confirm(on: first, tag: 1, multiple: false, isAck: true)
        #expect(late.settled.isEmpty)
        #expect(late.channelsToClose == [first])
        #expect(machine.inFlightCount == 0)

        var unconnected = self.machine(1)
        let expired = unconnected.expire(now: start + .seconds(1), lastError: lost)
        #expect(expired.settled.map(\.outcome.code) == [.notConnected])
    }

    @Test("A cancelled publish is forgotten, its confirm has no effect")
    func cancelled() {
        var machine = machine(1, 2)
        machine.connected()
        _ = write(&machine, first)
        #expect(machine.cancel(1) == true)
        #expect(machine.cancel(1) == false)
        #expect(machine.confirm(on: first, tag: 2, multiple: true, isAck: true).settled.map(\.id) == [2])
        #expect(machine.inFlightCount == 0)
    }

    @Test("Closing ends everything")
    func close() {
        var machine = machine(1, 2)
        #expect(Set(machine.close(lost).settled.map(\.id)) == [1, 2])
        #expect(machine.count == 0)
    }
}

extension PublisherStateMachine.Outcome {
    /// The error's code, or nil when confirmed.
    fileprivate var code: AMQPError.Code? {
        if case .failed(let error) = self { error.code } else { nil }
    }
}
