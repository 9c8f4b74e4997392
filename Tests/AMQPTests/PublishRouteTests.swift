import Testing

@testable import AMQP

@Suite("Publishes and their channels")
struct PublishRouteTests {
    private let start = ContinuousClock.now
    private let channels = (101...130).map { ChannelGeneration(number: $0) }

    private func machine() -> PublisherStateMachine {
        var machine = PublisherStateMachine(window: 1000, retirement: .seconds(5))
        machine.connected()
        return machine
    }

    private func submit(
        _ id: UInt64,
        to exchange: String = "e",
        key: String = "k",
        headers: AMQPTable = [:],
        within limit: Int = 60,
        _ machine: inout PublisherStateMachine
    ) {
        let message = AMQPMessage(body: [1], properties: AMQPProperties(headers: headers))
        let outgoing = OutgoingMessage(message, exchange: exchange, routingKey: key, isMandatory: true)
        machine.submit(outgoing, id: id, deadline: start + .seconds(limit))
    }

    /// Writes all it can, over channels taken from the front.
    ///
    /// - Returns: how many went over each channel, and what was settled at once.
    private func write(
        _ machine: inout PublisherStateMachine,
        _ unused: inout ArraySlice<ChannelGeneration>
    ) -> (written: [ChannelGeneration: Int], settled: [PublisherStateMachine.Settled]) {
        var written: [ChannelGeneration: Int] = [:]
        var settled: [PublisherStateMachine.Settled] = []
        while let step = machine.next() {
            switch step {
            case .openChannel(let route):
                guard let channel = unused.popFirst() else { return (written, settled) }
                machine.opened(channel, route: route)
            case .write(_, let channel): written[channel, default: 0] += 1
            case .settle(let one): settled.append(one)
            }
        }
        return (written, settled)
    }

    private func codes(_ effects: PublisherStateMachine.Effects) -> [UInt64: AMQPError.Code] {
        var codes: [UInt64: AMQPError.Code] = [:]
        for settled in effects.settled {
            if case .failed(let error) = settled.outcome { codes[settled.id] = error.code }
        }
        return codes
    }

    @Test("Each exchange has a channel; one that takes nothing holds up neither the others nor the window")
    func routes() {
        var machine = machine()
        var unused = channels[...]
        for id in 0..<400 { submit(UInt64(id), to: "stuck", &machine) }
        submit(1000, to: "events", &machine)
        let first = write(&machine, &unused)
        #expect(first.written == [channels[0]: 256, channels[1]: 1])
        submit(1001, to: "events", &machine)
        #expect(write(&machine, &unused).written == [channels[1]: 1])
        #expect(codes(machine.confirm(on: channels[1], tag: 2, multiple: true, isAck: true)).isEmpty)
        #expect(machine.inFlightCount == 256)
    }

    @Test("However many exchanges there are, the channels are few")
    func bounded() {
        var table = PublishRouteTable()
        let routes = (0..<1000).map { table.route(to: "e\($0)") }
        #expect(Set(routes).count == 32)
        #expect(Array(routes.prefix(32)) == Array(0..<32))
        #expect(table.route(to: "e3") == 3)
        #expect(table.route(to: "e20") == routes[20])
    }

    @Test("An overdue confirm retires the channel: nothing new goes over it, and it is closed after a while")
    func overdue() {
        var machine = machine()
        var unused = channels[...]
        submit(1, within: 1, &machine)
        submit(2, within: 60, &machine)
        _ = write(&machine, &unused)
        #expect(codes(machine.expire(now: start + .seconds(1), lastError: nil)) == [1: .unknownOutcome])
        submit(3, &machine)
        #expect(write(&machine, &unused).written == [channels[1]: 1])
        #expect(machine.expire(now: start + .seconds(5), lastError: nil) == PublisherStateMachine.Effects())
        #expect(machine.nextDeadline == start + .seconds(6))
        let effects = machine.expire(now: start + .seconds(6), lastError: nil)
        #expect(codes(effects) == [2: .unknownOutcome])
        #expect(effects.channelsToClose == [channels[0]])
        #expect(machine.inFlightCount == 1)
    }

    @Test("A cancelled publish whose confirm never comes retires its channel too")
    func cancelledOverdue() {
        var machine = machine()
        var unused = channels[...]
        submit(1, within: 1, &machine)
        _ = write(&machine, &unused)
        #expect(machine.cancel(1) == true)
        #expect(machine.inFlightCount == 1)
        #expect(machine.expire(now: start + .seconds(1), lastError: nil).settled.isEmpty)
        #expect(machine.inFlightCount == 0)
        #expect(machine.expire(now: start + .seconds(6), lastError: nil).channelsToClose == [channels[0]])
        #expect(machine.count == 0)
    }

    @Test("Retired channels do not gather without end")
    func retiredLimit() {
        var machine = machine()
        var unused = channels[...]
        var closed: [ChannelGeneration] = []
        for number in 1...20 {
            submit(UInt64(number), within: 1, &machine)
            _ = write(&machine, &unused)
            closed += machine.expire(now: start + .seconds(1), lastError: nil).channelsToClose
        }
        #expect(closed == Array(channels.prefix(4)))
    }

    private func closed(_ code: UInt16, _ text: String) -> AMQPError {
        AMQPError(.channelClosed, text, level: .channel, replyCode: code)
    }

    @Test("A publish that was alone on a channel is the cause of its being closed")
    func alone() {
        var machine = machine()
        var unused = channels[...]
        submit(1, to: "good", &machine)
        submit(2, to: "missing", &machine)
        _ = write(&machine, &unused)
        let effects = machine.channelClosed(channels[1], error: closed(404, "NOT_FOUND - no exchange 'missing'"))
        #expect(codes(effects) == [2: .publishRefused])
        #expect(machine.inFlightCount == 1)
    }

    @Test("Of several none is blamed, for the earlier ones may have been routed; then they go one by one")
    func several() {
        var machine = machine()
        var unused = channels[...]
        for id in 1...3 { submit(UInt64(id), to: "missing", &machine) }
        _ = write(&machine, &unused)
        let error = closed(404, "NOT_FOUND - no exchange 'missing' in vhost '/'")
        let effects = machine.channelClosed(channels[0], error: error)
        #expect(codes(effects) == [1: .unknownOutcome, 2: .unknownOutcome, 3: .unknownOutcome])

        for id in 4...6 { submit(UInt64(id), to: "missing", &machine) }
        #expect(write(&machine, &unused).written == [channels[1]: 1])
        #expect(codes(machine.channelClosed(channels[1], error: error)) == [4: .publishRefused])
        #expect(write(&machine, &unused).written == [channels[2]: 1])
        _ = machine.confirm(on: channels[2], tag: 1, multiple: false, isAck: true)
        #expect(write(&machine, &unused).written == [channels[2]: 1])
    }

    @Test("A publish that the broker names by exchange and routing key is blamed, also by the default exchange's name")
    func named() {
        for (exchange, name) in [("e", "e"), ("", "amq.default")] {
            var machine = machine()
            var unused = channels[...]
            submit(1, to: exchange, key: "allowed", &machine)
            submit(2, to: exchange, key: "forbidden", &machine)
            _ = write(&machine, &unused)
            let text = "ACCESS_REFUSED - access to topic 'forbidden' in exchange '\(name)' in vhost '/' refused"
            #expect(
                codes(machine.channelClosed(channels[0], error: closed(403, text)))
                    == [1: .unknownOutcome, 2: .publishRefused]
            )
        }
    }

    @Test("No publish is blamed for what is not a refusal of a publish", arguments: [nil, 320, 541] as [UInt16?])
    func blameless(code: UInt16?) {
        var machine = machine()
        var unused = channels[...]
        submit(1, &machine)
        _ = write(&machine, &unused)
        let error = AMQPError(.channelClosed, "no", level: .channel, replyCode: code)
        #expect(codes(machine.channelClosed(channels[0], error: error)) == [1: .unknownOutcome])
    }

    @Test("Where refusals do not stick, one is final and the channel stays, unless it does nothing but refuse")
    func refusals() {
        var machine = machine()
        var unused = channels[...]
        for id in 1...16 {
            submit(UInt64(id), &machine)
            #expect(write(&machine, &unused).written == [channels[0]: 1])
            let effects = machine.confirm(on: channels[0], tag: UInt64(id), multiple: false, isAck: false)
            #expect(codes(effects) == [UInt64(id): .nacked])
            #expect(effects.channelsToClose == (id == 16 ? [channels[0]] : []))
        }
        submit(17, &machine)
        #expect(write(&machine, &unused).written == [channels[1]: 1])
    }

    @Test("A header too large for this broker's frames fails when it is to be written, and not on another connection")
    func headerSize() {
        var machine = machine()
        var unused = channels[...]
        let headers: AMQPTable = ["h": .string(String(repeating: "x", count: 5000))]
        machine.connected(frameMaxBytes: 4096)
        submit(1, headers: headers, &machine)
        submit(2, &machine)
        let small = write(&machine, &unused)
        #expect(small.written == [channels[0]: 1])
        #expect(codes(PublisherStateMachine.Effects(settled: small.settled)) == [1: .tooLarge])
        machine.connected(frameMaxBytes: 8192)
        submit(3, headers: headers, &machine)
        #expect(write(&machine, &unused).written == [channels[0]: 1])
    }
}

@Suite("Which broker this is")
struct BrokerVersionTests {
    @Test(
        "Refusals stick to channels before RabbitMQ 3.12",
        arguments: [
            ("3.8.34", true), ("3.10.8", true), ("3.11.28", true), ("3.12.0", false), ("3.13.7", false),
            ("4.0.5", false), ("4.3.0-rc.1", false),
        ]
    )
    func sticky(version: String, sticks: Bool) {
        let broker = BrokerVersion(["product": "RabbitMQ", "version": .string(version)])
        #expect(broker?.hasStickyNacks == sticks)
    }

    @Test("Another broker, or none that says so, has no version")
    func unknown() {
        #expect(BrokerVersion([:]) == nil)
        #expect(BrokerVersion(["product": "LavinMQ", "version": "2.0.0"]) == nil)
        #expect(BrokerVersion(["product": "RabbitMQ", "version": "?"]) == nil)
    }
}
