import Bridge
import Contracts
import Foundation
import Logging
import SMSCore
import Synchronization
import TestSupport
import Testing

/// How much of the lane has been handled; shared by all processes of a test.
final class LaneCursor: Sendable {
    private let next = Mutex(0)

    /// The commands in the lane that are not handled yet.
    func take(from published: [BrokerMessage]) -> [BrokerMessage] {
        next.withLock { next in
            defer { next = published.count }
            return published[next...].filter { $0.exchange == "sms.commands" }
        }
    }
}

/// A process that serves campaigns, with everything but its own logic faked; one after another can share what is kept
/// over a restart.
struct CampaignBench {
    let store: InMemoryStore
    let sender: ScriptedSender
    let publisher: RecordingPublisher
    let clock: ImmediateClock
    let log: DeliveryLog
    let lane: LaneCursor
    let flow: CampaignFlow
    let worker: CampaignWorker
    let outbound: OutboundFlow
    let cancelFlow: CancelFlow

    init(
        _ script: [SubmitOutcome] = [.accepted(messageUUID: "u-1")],
        after old: CampaignBench? = nil,
        laneLimit: Int = 1000,
        defaultSender: Sender? = Sender("14155550199"),
        onStep: @escaping CampaignStep.Hook = { _ in },
        onOutboundStep: @escaping OutboundStep.Hook = { _ in }
    ) {
        let store = old?.store ?? InMemoryStore()
        let publisher = old?.publisher ?? RecordingPublisher()
        let clock = old?.clock ?? ImmediateClock()
        self.store = store
        self.publisher = publisher
        self.clock = clock
        log = old?.log ?? DeliveryLog()
        lane = old?.lane ?? LaneCursor()
        sender = old?.sender ?? ScriptedSender(script)
        let now: @Sendable () -> Timestamp = { Bench.start + clock.now.offset }
        let wiring = Wiring(
            store: store,
            publisher: publisher,
            policy: OutboundFlow.Policy(
                names: BrokerNames(),
                defaultSender: defaultSender,
                decision: Decision.Policy(retention: .seconds(86_400)),
                boot: BootID(old == nil ? "one" : "two")
            ),
            clock: clock,
            now: now,
            logger: .quiet
        )
        flow = wiring.campaignFlow(onStep: onStep)
        worker = CampaignWorker(flow: flow, laneLimit: laneLimit, clock: clock)
        outbound = wiring.outboundFlow(
            sender: sender,
            gate: SendGate(SlotScheduler.Configuration(rate: .unlimited), time: GateTime(clock, wall: now)),
            onStep: onOutboundStep
        )
        cancelFlow = CancelFlow(of: outbound)
    }

    func delivery(
        _ body: String,
        id: String? = nil,
        key: String = "campaign",
        replyTo: String? = nil,
        headers: [String: BrokerMessage.HeaderValue] = [:],
        isRedelivered: Bool = false,
        connection: UInt64 = 1
    ) -> CommandDelivery {
        let log = log
        return CommandDelivery(
            message: BrokerMessage(
                exchange: "sms.commands",
                routingKey: key,
                properties: .init(messageID: id, replyTo: replyTo, headers: headers),
                body: Array(body.utf8)
            ),
            isRedelivered: isRedelivered,
            connection: connection,
            ack: {
                log.note("ack")
                return true
            },
            giveBack: { log.note("given back") }
        )
    }

    /// Handles a campaign's message.
    func take(_ body: String, id: String? = nil, replyTo: String? = nil, isRedelivered: Bool = false) async throws {
        try await flow.handle(delivery(body, id: id, replyTo: replyTo, isRedelivered: isRedelivered))
    }

    func cancel(_ campaign: String) async throws {
        try await cancelFlow.handle(delivery(#"{"campaign_id": "\#(campaign)"}"#, key: "cancel"))
    }

    /// Gives the worker its turns until nothing is to be done at once.
    @discardableResult
    func work() async throws -> CampaignWorker.Standing {
        while true {
            let standing = try await worker.round()
            if standing != .busy { return standing }
        }
    }

    /// Handles what is in the lane; returns how much that was.
    func serveLane() async throws -> Int {
        let commands = lane.take(from: publisher.published)
        for message in commands {
            let delivery = CommandDelivery(message: message, isRedelivered: false, connection: 1) {
                true
            } giveBack: {
            }
            try await outbound.handle(delivery)
        }
        return commands.count
    }

    /// Lets everything happen that can happen by itself.
    func finish() async throws {
        repeat { try await work() } while try await serveLane() > 0
    }

    // MARK: - Results

    func campaign(_ id: String) async throws -> CampaignRecord {
        try #require(try await store.campaign(Samples.id(id)))
    }

    /// The types of the campaigns' own events, in order.
    var kinds: [String] {
        publisher.published.filter { $0.routingKey.hasPrefix("campaign.") && $0.exchange == "sms.outbound" }
            .map { String($0.routingKey.dropFirst("campaign.".count)) }
    }

    /// The last event about a campaign.
    func lastEvent() throws -> CloudEvent<CampaignEvent> {
        let message = try #require(publisher.published.last { $0.properties.type?.hasPrefix("sms.campaign.") == true })
        return try JSONDecoder().decode(CloudEvent<CampaignEvent>.self, from: Data(message.body))
    }

    /// The ids of the published outcomes, by outcome.
    func outcomes() throws -> [String: Set<String>] {
        var outcomes: [String: Set<String>] = [:]
        for message in publisher.published
        where message.exchange == "sms.outbound" && !message.routingKey.hasPrefix("campaign.") {
            let event = try JSONDecoder().decode(CloudEvent<OutboundEvent>.self, from: Data(message.body))
            outcomes[message.routingKey, default: []].insert(event.data.commandID)
        }
        return outcomes
    }

    /// The numbers that the provider was given, sorted.
    func sent() async -> [String] { await sender.sent.map(\.to.digits).sorted() }
}

/// Bodies of campaigns.
enum Campaigns {
    static func number(_ index: Int) -> String { "1415555\(1000 + index)" }

    /// A campaign with this many numbers, every tenth one twice, and two invalid ones.
    static func body(_ count: Int, id: String = "spring", more: String = "") -> String {
        var recipients = (0..<count).map { #"{"to": "+\#(number($0))", "name": "N\#($0)"}"# }
        recipients += stride(from: 0, to: count, by: 10).map { #"{"to": "\#(number($0))", "name": "again"}"# }
        recipients.insert(#"{"to": "12", "name": "x"}"#, at: count / 2)
        recipients.append(#"{"to": "+1 (call) me", "name": "x"}"#)
        return """
            {"id": "\(id)", "text": "Hi {{name}}"\(more), "recipients": [\(recipients.joined(separator: ","))]}
            """
    }

    static func duplicates(_ count: Int) -> Int { (count + 9) / 10 }
}
