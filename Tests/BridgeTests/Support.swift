import Bridge
import Contracts
import Foundation
import Logging
import SMSCore
import Synchronization
import TestSupport

/// A provider that answers from a script, in order; the last answer repeats.
actor ScriptedSender: SMSSender {
    private var script: [SubmitOutcome]
    private(set) var sent: [OutgoingSMS] = []
    private let onSend: @Sendable () async -> Void

    init(_ script: [SubmitOutcome], onSend: @escaping @Sendable () async -> Void = {}) {
        self.script = script
        self.onSend = onSend
    }

    func send(_ sms: OutgoingSMS) async -> SubmitOutcome {
        sent.append(sms)
        let outcome = script.count > 1 ? script.removeFirst() : script[0]
        await onSend()
        return outcome
    }
}

/// A broker's publishing side that records what it confirmed and fails as the test sets it.
final class RecordingPublisher: EventPublisher {
    /// The time of its wait queues.
    let clock = ImmediateClock()
    private let state = Mutex(State())

    private struct State {
        var published: [BrokerMessage] = []
        var carriers: [(message: BrokerMessage, since: Duration)] = []
        var failures: [PublishFailure] = []
        var unroutable: Set<String> = []
    }

    var published: [BrokerMessage] { state.withLock { $0.published } }

    func fail(with failures: [PublishFailure]) { state.withLock { $0.failures = failures } }

    func refuseRoute(to queue: String) { state.withLock { _ = $0.unroutable.insert(queue) } }

    func publish(_ message: BrokerMessage) async throws(PublishFailure) {
        let failure: PublishFailure? = state.withLock { state in
            if !state.failures.isEmpty { return state.failures.removeFirst() }
            if message.exchange.isEmpty, state.unroutable.contains(message.routingKey) { return .unroutable }
            if message.exchange.hasPrefix("sms.retry.") {
                state.carriers.append((message, clock.now.offset))
            } else {
                state.published.append(message)
            }
            return nil
        }
        if let failure { throw failure }
    }

    /// Where each message went: exchange and routing key.
    var routes: [String] { published.map { "\($0.exchange)/\($0.routingKey)" } }

    /// What is in the wait queues.
    var carriers: [BrokerMessage] { state.withLock { $0.carriers.map(\.message) } }

    /// Takes the message out of the wait queues that comes back first; returns it with its time.
    func takeCarrier() -> (level: WaitLevel, message: BrokerMessage, due: Duration)? {
        state.withLock { state in
            var first: (index: Int, level: WaitLevel, due: Duration)?
            for (index, carrier) in state.carriers.enumerated() {
                guard
                    let level = WaitLevel.allCases.first(where: {
                        carrier.message.exchange == "sms.retry.wait.\($0.name)"
                    })
                else { continue }
                let due = carrier.since + level.duration
                if let first, first.due <= due { continue }
                first = (index, level, due)
            }
            guard let first else { return nil }
            return (first.level, state.carriers.remove(at: first.index).message, first.due)
        }
    }

    /// The events, decoded.
    func events() throws -> [CloudEvent<OutboundEvent>] {
        try published.filter { $0.exchange == "sms.outbound" }.map { message in
            try JSONDecoder().decode(CloudEvent<OutboundEvent>.self, from: Data(message.body))
        }
    }
}

extension Logger {
    /// A logger without output.
    static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}

/// What happened to deliveries, in the order it happened.
final class DeliveryLog: Sendable {
    private let entries = Mutex<[String]>([])

    var all: [String] { entries.withLock { $0 } }

    func note(_ entry: String) { entries.withLock { $0.append(entry) } }
}

/// A flow with everything but its own logic faked; time passes only when a test moves it, or by sleeps.
struct Bench {
    let store: InMemoryStore
    let sender: ScriptedSender
    let publisher: RecordingPublisher
    let log = DeliveryLog()
    let clock: ImmediateClock
    let gate: SendGate
    let wiring: Wiring
    let flow: OutboundFlow
    let cancelFlow: CancelFlow

    static let start = Timestamp(milliseconds: 1_795_579_200_000)

    /// A bench; one after another can share a store, a publisher and a clock, as a service that is started again does.
    init(
        _ script: [SubmitOutcome] = [.accepted(messageUUID: "u-1")],
        boot: String = "boot-1",
        after old: Bench? = nil,
        publisher given: RecordingPublisher? = nil,
        sender: ScriptedSender? = nil,
        gate configuration: SlotScheduler.Configuration = .init(rate: .unlimited),
        schedule: RetrySchedule = RetrySchedule(),
        uncertainWait: Duration = .seconds(120),
        windows: WindowRules = WindowRules(),
        defaultSender: Sender? = Sender("14155550199"),
        replicas: (any ReplicaStore)? = nil,
        onSend: @escaping @Sendable () async -> Void = {},
        onStep: @escaping OutboundStep.Hook = { _ in }
    ) {
        let store = old?.store ?? InMemoryStore()
        let publisher = old?.publisher ?? given ?? RecordingPublisher()
        let clock = publisher.clock
        self.store = store
        self.clock = clock
        self.publisher = publisher
        let sender = sender ?? ScriptedSender(script, onSend: onSend)
        self.sender = sender
        let now: @Sendable () -> Timestamp = { Self.start + clock.now.offset }
        gate = SendGate(configuration, time: GateTime(clock, wall: now))
        wiring = Wiring(
            store: store,
            publisher: publisher,
            policy: OutboundFlow.Policy(
                names: BrokerNames(),
                defaultSender: defaultSender,
                decision: Decision.Policy(
                    retention: .seconds(86_400),
                    uncertainWait: uncertainWait,
                    schedule: schedule,
                    windows: windows
                ),
                boot: BootID(boot)
            ),
            replicas: replicas,
            clock: clock,
            now: now,
            logger: .quiet
        )
        flow = wiring.outboundFlow(sender: sender, gate: gate, onStep: onStep)
        cancelFlow = CancelFlow(of: flow)
    }

    var now: Timestamp { Self.start + clock.now.offset }
    var outlet: Outlet { wiring.outlet }

    func record(_ id: String = "a-1") async throws -> MessageRecord? { try await store.record(of: Samples.id(id)) }

    /// Runs the gate's timer while a body runs: where a command waits for a slot, time passes until that is given.
    ///
    /// Without it the gate gives only the slots that are there at once.
    func withRunningGate(_ body: @escaping @Sendable (Bench) async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await gate.run() }
            defer { group.cancelAll() }
            try await body(self)
        }
    }

    /// Lets the time of the wait queues pass: what is in them comes back to the flow, each at its time.
    ///
    /// - Returns: the levels that were passed, in order.
    @discardableResult
    func travel(hops limit: Int = 100, isRedelivered: Bool = false) async throws -> [String] {
        var levels: [String] = []
        while levels.count < limit, let carrier = publisher.takeCarrier() {
            levels.append(carrier.level.name)
            clock.pass(max(.zero, carrier.due - clock.now.offset))
            var message = carrier.message
            message.exchange = "sms.commands"
            try await flow.handle(delivery(of: message, isRedelivered: isRedelivered))
        }
        return levels
    }

    func delivery(
        of message: BrokerMessage,
        isRedelivered: Bool = false,
        connection: UInt64 = 1,
        prefetch: Int? = nil,
        isAckLost: Bool = false
    ) -> CommandDelivery {
        let log = log
        let publisher = publisher
        return CommandDelivery(
            message: message,
            isRedelivered: isRedelivered,
            connection: connection,
            prefetch: prefetch,
            ack: {
                log.note("ack after \(publisher.routes.joined(separator: " "))")
                return !isAckLost
            },
            giveBack: { log.note("given back") }
        )
    }

    func delivery(
        _ body: String = #"{"to": "+14155550100", "text": "Hello"}"#,
        id: String? = "a-1",
        correlationID: String? = nil,
        replyTo: String? = nil,
        lane: Lane = .send,
        isRedelivered: Bool = false,
        connection: UInt64 = 1
    ) -> CommandDelivery {
        delivery(Array(body.utf8), id, correlationID, replyTo, lane, isRedelivered, connection)
    }

    func delivery(
        _ body: [UInt8],
        _ id: String?,
        _ correlationID: String? = nil,
        _ replyTo: String? = nil,
        _ lane: Lane = .send,
        _ isRedelivered: Bool = false,
        _ connection: UInt64 = 1
    ) -> CommandDelivery {
        let message = BrokerMessage(
            exchange: "sms.commands",
            routingKey: lane.routingKey,
            properties: .init(
                messageID: id,
                correlationID: correlationID,
                replyTo: replyTo,
                headers: ["traceparent": .string("00-t")]
            ),
            body: body
        )
        return delivery(of: message, isRedelivered: isRedelivered, connection: connection)
    }
}
