import Contracts
import Foundation
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("The publisher of campaigns", .timeLimit(.minutes(3)))
struct CampaignPublisherTests {
    private let publisher = RecordingPublisher()
    private var campaigns: CampaignPublisher {
        CampaignPublisher(outlet: Outlet(publisher, clock: publisher.clock), defaultSender: Sender("14155550199"))
    }

    private func campaign(
        _ state: CampaignState = .running,
        from sender: String? = nil,
        problems: [Problem] = []
    ) -> CampaignRecord {
        var terms = CampaignTerms()
        terms.from = sender
        terms.metadata = ["tenant": "acme"]
        terms.expiresAt = Samples.moment
        var campaign = CampaignRecord(id: Samples.id("spring"), terms: terms, parts: 1, now: Samples.moment)
        campaign.state = state
        campaign.version = 7
        campaign.problems = ProblemList(problems)
        campaign.correlationID = "c-1"
        campaign.traceparent = "00-t"
        return campaign
    }

    private func recipient(_ key: String, _ state: RecipientState, error: EventError? = nil) -> CampaignRecipient {
        CampaignRecipient(position: 0, key: key, values: nil, state: state, messageUUID: nil, error: error)
    }

    private func data<Data: Codable>(of message: BrokerMessage?) throws -> CloudEvent<Data> {
        try JSONDecoder().decode(CloudEvent<Data>.self, from: Foundation.Data(try #require(message).body))
    }

    @Test("publishes each state once it is confirmed, with when it goes on")
    func states() async throws {
        publisher.fail(with: [.unavailable("away"), .unavailable("away")])
        try await campaigns.publish(.started, of: campaign())
        try await campaigns.publish(.progress, of: campaign(), resumesAt: Samples.moment)
        #expect(publisher.routes == ["sms.outbound/campaign.started", "sms.outbound/campaign.progress"])
        let progress: CloudEvent<CampaignEvent> = try data(of: publisher.published.last)
        #expect(progress.id == "campaign/spring/progress/7/\(Samples.moment.milliseconds)")
        #expect(progress.data.resumesAt == Samples.moment.rfc3339)
        #expect(publisher.published.allSatisfy { $0.properties.correlationID == "c-1" })
    }

    @Test("publishes an invalid campaign as a command that is invalid, the same event each time")
    func invalid() async throws {
        let campaign = campaign(.invalid, from: "ACME", problems: [Problem("text", "must not be empty")])
        try await campaigns.publishInvalid(campaign)
        try await campaigns.publishInvalid(campaign)
        #expect(publisher.routes == ["sms.outbound/invalid", "sms.outbound/invalid"])
        let events = try publisher.events()
        #expect(events.map(\.id) == Array(repeating: "spring/invalid/\(campaign.termsDigest.prefix(8))", count: 2))
        let event = try #require(events.first)
        #expect(event.data.error?.detail == "text: must not be empty")
        #expect(event.data.from == "ACME" && event.data.metadata == ["tenant": "acme"])
    }

    @Test("publishes recipients that never became commands, each with its reason; the others are not its own")
    func recipients() async throws {
        let keys = ["14155550101", "14155550102", "!12", "14155550103", "14155550104"]
        let error = EventError(.invalid, detail: "is not a valid E.164 number")
        let recipients = [
            recipient(keys[0], .cancelled), recipient(keys[1], .expired), recipient(keys[2], .invalid, error: error),
            recipient(keys[3], .waiting), recipient(keys[4], .handed),
        ]
        try await campaigns.publish(recipients, of: campaign(.cancelling))
        let events = try Dictionary(uniqueKeysWithValues: publisher.events().map { ($0.data.commandID, $0) })
        let ids = keys.map { CommandID.ofCampaign(Samples.id("spring"), recipient: $0).text }
        #expect(Set(events.keys) == Set(ids[..<3]))
        #expect(events[ids[0]]?.data.error?.code == .cancelled)
        #expect(events[ids[1]]?.data.error?.detail == "expires_at was \(Samples.moment.rfc3339)")
        #expect(events[ids[2]]?.data.error?.detail == "is not a valid E.164 number")
        #expect(events[ids[0]]?.data.to == "+14155550101" && events[ids[2]]?.data.to == nil)
        #expect(events.values.allSatisfy { $0.data.campaignID == "spring" && $0.data.from == "+14155550199" })
    }

    @Test("takes a recipient's command to be sent by the campaign's sender, else by the default one")
    func senders() {
        let recipient = recipient("14155550101", .handed)
        #expect(campaigns.command(to: recipient, of: campaign()).facts.from == "+14155550199")
        let command = campaigns.command(to: recipient, of: campaign(from: "ACME"))
        #expect(command.facts.from == "ACME" && command.facts.to == "+14155550101")
        #expect(command.settlement == nil && command.lane == .bulk)
    }

    @Test("replies with the end, by the correlation that was asked with, else by the campaign's id")
    func replies() async throws {
        await campaigns.reply(CampaignReply(replyTo: "one", correlationID: "c-9"), with: campaign(.completed))
        await campaigns.reply(
            CampaignReply(replyTo: "two", correlationID: nil, isReused: true),
            with: campaign(.completed)
        )
        #expect(publisher.routes == ["/one", "/two"])
        #expect(publisher.published.map(\.properties.correlationID) == ["c-9", "spring"])
        let first: CloudEvent<CampaignEvent> = try data(of: publisher.published.first)
        #expect(first.type == "sms.campaign.completed" && first.data.idReused == nil)
        let second: CloudEvent<CampaignEvent> = try data(of: publisher.published.last)
        #expect(second.data.idReused == true)
    }

    @Test("replies to an invalid campaign with its problems, once: the event is published anyway")
    func invalidReply() async throws {
        let campaign = campaign(.invalid, problems: [Problem("text", "must not be empty")])
        await campaigns.reply(CampaignReply(replyTo: "one", correlationID: nil), with: campaign)
        let reply: CloudEvent<OutboundEvent> = try data(of: publisher.published.first)
        #expect(reply.type == "sms.outbound.invalid" && reply.data.error?.problems?.count == 1)
        publisher.fail(with: [.unroutable])
        await campaigns.reply(CampaignReply(replyTo: "gone", correlationID: nil), with: campaign)
        #expect(publisher.routes == ["/one"])
    }
}
