package import Contracts
package import SMSCore

/// Values for tests that need some, and do not care which.
package enum Samples {
    /// 2026-01-31, some time in the morning.
    package static let moment = Timestamp(milliseconds: 1_769_850_000_123)

    /// A command id; the text must be one.
    package static func id(_ text: String) -> CommandID {
        CommandID(text) ?? otherwise
    }

    /// A pending record that no store has seen.
    package static func record(_ id: String, campaign: String? = nil, at moment: Timestamp = moment) -> MessageRecord {
        var facts = MessageFacts()
        facts.to = "+14155550101"
        facts.from = "+14155550100"
        facts.campaignID = campaign
        facts.segments = 1
        facts.encoding = "gsm7"
        return MessageRecord(
            id: self.id(id),
            bodyDigest: Digest.hex(Array(id.utf8)),
            lane: .send,
            facts: facts,
            now: moment
        )
    }

    /// A record in state `sending`.
    package static func sending(_ id: String, campaign: String? = nil, attempt: Int = 1) -> MessageRecord {
        var record = record(id, campaign: campaign)
        record.state = .sending(Attempt(number: attempt, since: moment, owner: BootID("boot-1")))
        return record
    }

    /// A record that ended as accepted.
    package static func accepted(
        _ id: String,
        uuid: String,
        at moment: Timestamp = moment,
        keepUntil: Timestamp? = nil
    ) -> MessageRecord {
        var record = record(id)
        record.state = .settled(Settlement(outcome: .accepted, messageUUID: uuid, error: nil, at: moment))
        record.keepUntil = keepUntil
        record.isPublished = true
        return record
    }

    /// A record with something in every field that can hold something.
    package static func full(_ id: String, state: MessageState) -> MessageRecord {
        var record = record(id)
        record.lane = .bulk
        record.state = state
        record.facts.clientRef = "order 7 / \"é\" 🙂"
        record.facts.metadata = ["tenant": "acme", "": "empty key", "quote": "\"\\\n"]
        record.facts.campaignID = "spring"
        record.facts.replaced = [Replacement(char: "’", by: "'", count: 2)]
        record.facts.correlationID = "corr-1"
        record.facts.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        record.facts.sendAt = moment + .seconds(60)
        record.facts.expiresAt = moment + .seconds(3600)
        record.facts.opensAt = moment + .seconds(120)
        record.attempts = 3
        record.firstFailureAt = moment + .milliseconds(1)
        record.wait = 4
        record.notBefore = moment + .milliseconds(2)
        record.reservedSlot = moment + .milliseconds(3)
        record.troubledAt = moment + .milliseconds(4)
        record.replay = 2
        record.provedUUID = "proved-\(id)"
        record.isPublished = true
        record.isUncertainPublished = true
        record.hasEarlierDoubt = true
        record.createdAt = moment - .seconds(5)
        record.updatedAt = moment + .milliseconds(7)
        record.keepUntil = moment + .seconds(2_592_000)
        record.history.note(.waiting, at: moment, until: moment + .seconds(60), "schedule")
        record.history.note(.notTaken, at: moment + .seconds(60), "a \"line\"\nand another, 🙂")
        return record
    }

    /// An error with every field.
    package static let error = EventError(
        .providerRejected,
        detail: "Invalid destination",
        provider: ProviderProblem(
            status: 422,
            type: "https://developer.vonage.com/api-errors/messages#1120",
            title: "Invalid sender",
            detail: "The `from` parameter is invalid",
            instance: "bf0ca0bf927b3b52e3cb03217e1a1ddf"
        ),
        problems: [Problem("to", "is required"), Problem("text", "must not be empty")]
    )

    /// A message for the broker with something in every field.
    package static func brokerMessage(_ body: String) -> BrokerMessage {
        BrokerMessage(
            exchange: "sms.outbound",
            routingKey: "accepted",
            properties: BrokerMessage.Properties(
                contentType: "application/cloudevents+json",
                messageID: "event-1",
                correlationID: "corr-1",
                replyTo: "amq.gen-7",
                type: "sms.outbound.accepted",
                appID: "sms-bridge",
                timestamp: 1_769_850_000,
                headers: ["sms-attempts": .integer(-3), "traceparent": .string("00-a-b-01"), "sms-force": .bool(true)]
            ),
            body: Array(body.utf8) + [0, 0xFF]
        )
    }

    /// A receipt of a message.
    package static func receipt(
        _ uuid: String,
        _ status: String,
        errorCode: String? = nil,
        seenAt: Timestamp = moment
    ) -> SeenReceipt {
        SeenReceipt(
            messageUUID: uuid,
            commandID: id("command-of-\(uuid)"),
            status: status,
            timestamp: "2026-01-31T09:00:00Z",
            error: errorCode.map { ReceiptError(code: $0, title: "Absent", detail: "no answer", instance: "i-1") },
            seenAt: seenAt
        )
    }

    /// A text that is not a valid id gets this one; a test that meets it fails.
    private static let otherwise: CommandID = {
        guard let id = CommandID("not-an-id") else { preconditionFailure("a valid id") }
        return id
    }()
}
