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

/// A broker's publishing side that remembers what it confirmed and fails as it is told.
final class RecordingPublisher: EventPublisher {
    private let state = Mutex(State())

    private struct State {
        var published: [BrokerMessage] = []
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
            state.published.append(message)
            return nil
        }
        if let failure { throw failure }
    }

    /// Where each message went: exchange and routing key.
    var routes: [String] { published.map { "\($0.exchange)/\($0.routingKey)" } }

    /// The events, decoded.
    func events() throws -> [CloudEvent<OutboundEvent>] {
        try published.filter { $0.exchange == "sms.outbound" }.map { message in
            try JSONDecoder().decode(CloudEvent<OutboundEvent>.self, from: Data(message.body))
        }
    }
}

/// What happened to deliveries, in the order it happened.
final class DeliveryLog: Sendable {
    private let entries = Mutex<[String]>([])

    var all: [String] { entries.withLock { $0 } }

    func note(_ entry: String) { entries.withLock { $0.append(entry) } }
}

/// A flow with everything around it faked but its own logic.
struct Bench {
    let store = InMemoryStore()
    let sender: ScriptedSender
    let publisher = RecordingPublisher()
    let log = DeliveryLog()
    let clock = ImmediateClock()
    let flow: OutboundFlow

    init(
        _ script: [SubmitOutcome] = [.accepted(messageUUID: "u-1")],
        boot: String = "boot-1",
        store: (any MessageStore)? = nil,
        onSend: @escaping @Sendable () async -> Void = {}
    ) {
        sender = ScriptedSender(script, onSend: onSend)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let insistence = Insistence(logger: logger, clock: clock)
        let names = BrokerNames()
        flow = OutboundFlow(
            OutboundFlow.Parts(
                store: store ?? self.store,
                sender: sender,
                teller: OutboundTeller(publisher: publisher, names: names, insistence: insistence, logger: logger),
                insistence: insistence,
                logger: logger
            ),
            policy: OutboundFlow.Policy(
                names: names,
                defaultSender: Sender("14155550199"),
                schedule: RetrySchedule(),
                retention: .seconds(86_400),
                boot: BootID(boot)
            ),
            clock: clock
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
        let log = log
        let publisher = publisher
        return CommandDelivery(
            message: BrokerMessage(
                exchange: "sms.commands",
                routingKey: lane.routingKey,
                properties: .init(
                    messageID: id,
                    correlationID: correlationID,
                    replyTo: replyTo,
                    headers: ["traceparent": .string("00-t")]
                ),
                body: body
            ),
            isRedelivered: isRedelivered,
            connection: connection,
            ack: { log.note("ack after \(publisher.routes.joined(separator: " "))") },
            giveBack: { log.note("given back") }
        )
    }
}

/// A clock whose sleeps return at once; what was slept is remembered.
final class ImmediateClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration = .zero
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let state = Mutex<(now: Instant, slept: [Duration])>((Instant(), []))

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .zero }
    /// The lengths of all sleeps so far.
    var slept: [Duration] { state.withLock { $0.slept } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.slept.append(state.now.duration(to: deadline))
            state.now = max(state.now, deadline)
        }
        await Task.yield()
    }
}
