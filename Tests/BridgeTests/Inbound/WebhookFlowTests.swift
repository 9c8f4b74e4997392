import Contracts
import Foundation
import Logging
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("The webhook flow", .timeLimit(.minutes(3)))
struct WebhookFlowTests {
    private let store: InMemoryStore
    private let publisher = RecordingPublisher()
    private let reader = ScriptedReader()
    /// The commands that receipts have settled while they waited in the broker.
    private let proofs = DeliveryLog()
    private let wiring: Wiring
    private let flow: WebhookFlow

    init() {
        self.init(spoolCapacity: 3)
    }

    private init(spoolCapacity: Int) {
        store = InMemoryStore(spoolCapacity: spoolCapacity)
        wiring = Wiring(
            store: store,
            publisher: publisher,
            policy: OutboundFlow.Policy(
                names: BrokerNames(),
                defaultSender: nil,
                decision: Decision.Policy(retention: .seconds(60)),
                boot: BootID("one")
            ),
            logger: .quiet
        )
        flow = wiring.webhookFlow(
            reader: reader,
            keywords: OptOutKeywords(stop: ["STOP", "OPT OUT"], start: ["START"]),
            onProved: { [proofs] in proofs.note($0.text) }
        )
    }

    private func post(_ reading: WebhookReading, _ kind: WebhookKind = .status) async -> WebhookAnswer {
        await flow.receive(reader.webhook(saying: reading, kind))
    }

    private func status(
        _ status: String,
        uuid: String = "u-1",
        at time: String? = "2026-11-25T04:00:00Z",
        from: String = "14155550199",
        ref: String? = "a-1",
        _ change: (inout ReceiptReport) -> Void = { _ in }
    ) -> WebhookReading {
        var report = ReceiptReport(
            messageUUID: uuid,
            to: "14155550100",
            from: from,
            status: status,
            providerStatus: status
        )
        report.timestamp = time.flatMap(Timestamp.init(rfc3339:))
        report.reference = ref
        change(&report)
        return .receipt(report)
    }

    private func message(
        _ text: String,
        uuid: String = "in-1",
        to: String = "14155550199",
        _ change: (inout InboundMessage) -> Void = { _ in }
    ) -> WebhookReading {
        var message = InboundMessage(messageUUID: uuid, from: "14155550100", to: to, text: text)
        change(&message)
        return .message(message)
    }

    private func save(_ state: MessageState, attempts: Int = 1, wait: Int = 0) async throws {
        let id = try #require(CommandID("a-1"))
        var facts = MessageFacts()
        facts.clientRef = "mine"
        facts.metadata = ["k": "v"]
        facts.campaignID = "c-1"
        facts.correlationID = "corr"
        var record = MessageRecord(id: id, bodyDigest: "d", lane: .send, facts: facts, now: .now)
        record.state = state
        record.attempts = attempts
        record.wait = wait
        _ = try await store.save(record)
    }

    private func statusEvents() throws -> [CloudEvent<StatusEvent>] {
        try publisher.published.filter { $0.exchange == "sms.status" }.map {
            try JSONDecoder().decode(CloudEvent<StatusEvent>.self, from: Data($0.body))
        }
    }

    @Test("publishes a receipt with what the command's record knows, and answers 200 after the confirm")
    func receipt() async throws {
        try await save(.settled(Settlement(outcome: .accepted, messageUUID: "u-1", error: nil, at: .now)))
        let reading = status("delivered") {
            $0.usage = Usage(currency: "EUR", price: "0.0333")
            $0.networkCode = "12345"
        }
        #expect(await post(reading) == .taken)
        let event = try #require(statusEvents().first)
        #expect(event.type == "sms.status.delivered")
        #expect(event.data.commandID == "a-1")
        #expect(event.data.clientRef == "mine")
        #expect(event.data.metadata == ["k": "v"])
        #expect(event.data.campaignID == "c-1")
        #expect(event.data.to == "+14155550100")
        #expect(event.data.from == "+14155550199")
        #expect(event.data.final)
        #expect(!event.data.superseded)
        #expect(event.data.usage == Usage(currency: "EUR", price: "0.0333"))
        #expect(event.data.networkCode == "12345")
        #expect(event.data.timestamp == "2026-11-25T04:00:00.000Z")
        #expect(publisher.routes == ["sms.status/delivered.14155550199"])
        #expect(publisher.published.first?.properties.correlationID == "corr")
    }

    @Test(
        "has the outcome published of a command that a receipt settles while it waits in the broker, by the first only",
        arguments: [(2, ["a-1"]), (0, [])] as [(Int, [String])]
    )
    func provesWaiting(wait: Int, published: [String]) async throws {
        try await save(.uncertain(since: .now), wait: wait)
        #expect(await post(status("submitted")) == .taken)
        #expect(await post(status("delivered", at: "2026-11-25T04:00:01Z")) == .taken)
        #expect(proofs.all == published)
        let record = try #require(try await store.record(of: Samples.id("a-1")))
        #expect(record.settlement?.outcome == .accepted)
        #expect(!record.isPublished)
    }

    @Test("answers a repeat with 200 and publishes nothing; a late one is superseded")
    func repeats() async throws {
        #expect(await post(status("delivered", at: "2026-11-25T04:00:02Z")) == .taken)
        #expect(await post(status("delivered", at: "2026-11-25T04:00:02.000Z")) == .taken)
        #expect(await post(status("submitted", at: "2026-11-25T04:00:01Z")) == .taken)
        let events = try statusEvents()
        #expect(events.map(\.data.status) == ["delivered", "submitted"])
        #expect(events.map(\.data.superseded) == [false, true])
        #expect(Set(events.map(\.id)).count == 2)
    }

    @Test("publishes a receipt of an unknown message with a null command_id and its own client_ref")
    func unknown() async throws {
        #expect(await post(status("delivered", ref: "theirs")) == .taken)
        let event = try #require(statusEvents().first)
        #expect(event.data.commandID == nil)
        #expect(event.data.clientRef == "theirs")
    }

    @Test("matches a receipt that comes before our own 202 has been written down")
    func early() async throws {
        try await save(.sending(Attempt(number: 1, since: .now, owner: BootID("b"))), attempts: 0)
        #expect(await post(status("submitted")) == .taken)
        #expect(try statusEvents().first?.data.commandID == "a-1")
        let record = try await store.record(of: try #require(CommandID("a-1")))
        #expect(record?.provedUUID == "u-1")
    }

    @Test("refuses what is forged, and publishes nothing")
    func forged() async throws {
        // Until one token was right, a wrong setting is more likely than a forgery.
        let unproven = RefusedWebhook(.tokenWrong, isProven: false)
        #expect(await post(.refused(unproven)) == .comeAgain(after: .seconds(5)))
        #expect(await post(.refused(RefusedWebhook(.tokenWrong, isProven: true))) == .forged)
        #expect(publisher.published.isEmpty)
    }

    @Test("logs what it refuses once a minute for each reason, with the number")
    func refusalLines() {
        let (lines, start) = (RefusalLines(), ContinuousClock.now)
        #expect(lines.take("token_wrong", now: start) == 1)
        for second in 1..<60 { #expect(lines.take("token_wrong", now: start + .seconds(second)) == nil) }
        #expect(lines.take("token_missing", now: start + .seconds(59)) == 1)
        #expect(lines.take("token_wrong", now: start + .seconds(60)) == 60)
        #expect(lines.take("token_wrong", now: start + .seconds(119)) == nil)
        #expect(lines.take("token_wrong", now: start + .seconds(500)) == 2)
    }

    private func unreadable(
        _ json: String,
        contentType: String = "application/json",
        isChecked: Bool = true
    ) -> WebhookReading {
        let problems = ["message_uuid is missing", "to is missing"]
        return .notUnderstood(
            UnreadableWebhook(
                problems: problems,
                contentType: contentType,
                payload: Array(json.utf8),
                isChecked: isChecked
            )
        )
    }

    @Test("dead-letters what it does not understand, and answers 400")
    func notUnderstood() async throws {
        let answer = await post(unreadable(#"{"hello": 1}"#))
        #expect(answer == .notUnderstood(["message_uuid is missing", "to is missing"]))
        let deadLetter = try #require(publisher.published.first)
        #expect(deadLetter.routingKey == "sms.dead")
        #expect(deadLetter.properties.headers["sms-original-exchange"] == .string("webhook"))
        #expect(deadLetter.properties.headers["sms-original-routing-key"] == .string("/webhooks/status"))
        #expect(deadLetter.body == Array(#"{"hello": 1}"#.utf8))
    }

    @Test("keeps nothing of an empty webhook, and answers 400")
    func empty() async throws {
        #expect(await post(unreadable("")) == .notUnderstood(["has neither a body nor parameters"]))
        #expect(publisher.published.isEmpty)
    }

    @Test("keeps a limited number of webhooks that it does not understand, and fewer of those that nothing verifies")
    func deadWebhooks() async throws {
        for (isChecked, kept) in [(true, 1_000), (false, 100)] {
            let tests = WebhookFlowTests(spoolCapacity: 3)
            for number in 0..<1_010 {
                let answer = await tests.post(unreadable("{\"junk\": \(number)}", isChecked: isChecked))
                guard case .notUnderstood(let problems) = answer, !problems.isEmpty else {
                    Issue.record("answered \(answer)")
                    return
                }
            }
            // Some more while the test runs.
            let deadLetters = tests.publisher.published.count
            #expect((kept..<kept + 10).contains(deadLetters), "\(deadLetters)")
            // What is understood is taken as before.
            #expect(await tests.post(tests.status("delivered")) == .taken)
            #expect(tests.publisher.published.count == deadLetters + 1)
        }
    }

    @Test("publishes a handset's message once")
    func inbound() async throws {
        let reading = message("Thanks.") { $0.segments = 2 }
        #expect(await post(reading, .inbound) == .taken)
        #expect(await post(reading, .inbound) == .taken)
        #expect(publisher.routes == ["sms.inbound/message.14155550199"])
        let body = try #require(publisher.published.first?.body)
        let event = try JSONDecoder().decode(CloudEvent<InboundEvent>.self, from: Data(body))
        #expect(event.id == "in-1/message")
        #expect(event.data.from == "+14155550100")
        #expect(event.data.text == "Thanks.")
        #expect(event.data.segments == 2)
    }

    @Test("publishes a webhook of another channel as it came")
    func otherChannel() async throws {
        let json = #"{"channel": "whatsapp", "message_uuid": "w-1", "deep": {"a": {"b": [1, 2.5, null, true]}}}"#
        #expect(await post(.otherChannel(name: "whatsapp", payload: Array(json.utf8)), .inbound) == .taken)
        #expect(publisher.routes == ["sms.inbound/other.whatsapp"])
        let body = try #require(publisher.published.first?.body)
        let event = try JSONValue(parsing: body).members
        #expect(event?["type"] == .string("sms.inbound.other"))
        #expect(event?["data"] == (try JSONValue(parsing: Array(json.utf8))))
    }

    /// The data of the last event as it was published.
    private func lastData() throws -> [String: JSONValue] {
        let body = try #require(publisher.published.last?.body)
        return try #require(try JSONValue(parsing: body).members?["data"]?.members)
    }

    @Test("publishes a receipt without a readable time once, without a time and under an id that stays")
    func undated() async throws {
        #expect(await post(status("delivered", at: nil, ref: nil)) == .taken)
        #expect(await post(status("delivered", at: nil, ref: nil)) == .taken)
        #expect(publisher.published.count == 1)
        #expect(publisher.published.first?.properties.messageID == "u-1/delivered//")
        let data = try lastData()
        #expect(data["timestamp"] == nil)
        #expect(data["message_uuid"] == .string("u-1"))
        #expect(data["command_id"] == .null)
        #expect(data["final"] == .bool(true))
        // Another status without a time is another receipt.
        #expect(await post(status("submitted", at: nil, ref: nil)) == .taken)
        #expect(publisher.published.count == 2)
    }

    @Test("leaves out a sender that the receipt does not name; its word in the routing key is _")
    func withoutSender() async throws {
        #expect(await post(status("delivered", from: "")) == .taken)
        #expect(publisher.routes == ["sms.status/delivered._"])
        #expect(try lastData()["from"] == nil)
    }

    @Test(
        "matches a receipt with no command where its reference is that of a command that was never sent",
        arguments: [
            MessageState.pending,
            .settled(
                Settlement(outcome: .expired, messageUUID: nil, error: EventError(.expired, detail: ""), at: .now)
            ),
        ]
    )
    func foreign(state: MessageState) async throws {
        try await save(state, attempts: 0)
        #expect(await post(status("delivered")) == .taken)
        let event = try #require(statusEvents().first)
        #expect(event.data.commandID == nil)
        #expect(event.data.clientRef == "a-1")
        #expect(event.data.metadata == nil && event.data.campaignID == nil)
        #expect(publisher.published.first?.properties.correlationID == nil)
        #expect(try await store.receipts(of: "u-1").map(\.commandID) == [nil])
        #expect(try await store.record(of: try #require(CommandID("a-1")))?.state == state)
    }

    @Test("finds the message's own command although its reference is that of another one never sent")
    func foreignReference() async throws {
        try await save(.pending, attempts: 0)
        var own = MessageRecord(
            id: try #require(CommandID("b-1")),
            bodyDigest: "d",
            lane: .send,
            facts: MessageFacts(),
            now: .now
        )
        own.attempts = 1
        own.state = .settled(Settlement(outcome: .accepted, messageUUID: "u-1", error: nil, at: .now))
        _ = try await store.save(own)
        #expect(await post(status("delivered")) == .taken)
        #expect(try statusEvents().first?.data.commandID == "b-1")
    }

    @Test("cuts words that are too long for a routing key, always to the same")
    func longWords() async throws {
        let long = String(repeating: "9", count: 300)
        #expect(await post(status(long, from: long)) == .taken)
        #expect(await post(message("x", to: long), .inbound) == .taken)
        #expect(await post(.otherChannel(name: long, payload: Array("{}".utf8)), .inbound) == .taken)
        let word = String(repeating: "9", count: 100)
        #expect(
            publisher.routes == [
                "sms.status/\(word).\(word)", "sms.inbound/message.\(word)", "sms.inbound/other.\(word)",
            ]
        )
        for message in publisher.published {
            #expect(message.routingKey.utf8.count <= 255)
            #expect(message.properties.type?.utf8.count ?? 0 <= 255)
            #expect(message.properties.messageID?.utf8.count ?? 0 <= 255)
        }
    }

    @Test("dead-letters an event that can never be published, once, and answers 200")
    func unpublishable() async throws {
        publisher.fail(with: [.impossible("too large")])
        #expect(await post(status("delivered")) == .taken)
        #expect(await post(status("delivered")) == .taken)
        #expect(publisher.published.count == 1)
        let deadLetter = try #require(publisher.published.first)
        #expect(deadLetter.routingKey == "sms.dead")
        #expect(deadLetter.properties.headers["sms-original-exchange"] == .string("sms.status"))
        #expect(deadLetter.properties.headers["sms-error-detail"]?.text?.contains("too large") == true)
        #expect(wiring.outlet.spooledCount == 0)
    }

    @Test("asks for the repeat of an event when not even its dead letter can be published")
    func unpublishableTwice() async throws {
        publisher.fail(with: [.impossible("too large"), .impossible("too large")])
        #expect(await post(status("delivered")) == .comeAgain(after: .seconds(5)))
        #expect(wiring.outlet.spooledCount == 0)
        #expect(await post(status("delivered")) == .taken)
    }

    @Test("keeps what it does not understand although its content type fits no property")
    func longContentType() async throws {
        let contentType = "application/json; x=" + String(repeating: "y", count: 300)
        guard case .notUnderstood = await post(unreadable(#"{"hello": 1}"#, contentType: contentType)) else {
            Issue.record("understood")
            return
        }
        #expect(publisher.published.first?.properties.contentType == nil)
    }

    @Test("publishes the bytes of a binary message in hexadecimal, beside its empty text")
    func binary() async throws {
        #expect(await post(message("", uuid: "0A") { $0.dataHex = "0b16ff" }, .inbound) == .taken)
        let data = try lastData()
        #expect(data["data_hex"] == .string("0b16ff"))
        #expect(data["text"] == .string(""))
        #expect(await post(message("hi", uuid: "0B"), .inbound) == .taken)
        #expect(try lastData()["data_hex"] == nil)
    }

    @Test("with the broker away: spooled and answered 200, published in order later; 503 once the spool is full")
    func brokerAway() async throws {
        publisher.fail(with: [.unavailable("away")])
        #expect(await post(status("submitted", at: "2026-11-25T04:00:01Z")) == .taken)
        #expect(await post(status("delivered", at: "2026-11-25T04:00:02Z")) == .taken)
        #expect(await post(status("delivered", uuid: "u-2")) == .taken)
        #expect(publisher.published.isEmpty)
        guard case .comeAgain = await post(status("delivered", uuid: "u-3")) else {
            Issue.record("the spool holds three")
            return
        }
        let gaps = try await store.gaps(from: .now - .seconds(60), until: .now + .seconds(60))
        #expect(gaps.map(\.kind) == [.failedWebhook], "silence would be taken for a sign")
        let drained = try await wiring.outlet.drain()
        #expect(drained.count == 3 && drained.isAtEnd)
        #expect(
            try statusEvents().filter { $0.data.messageUUID == "u-1" }.map(\.data.status) == ["submitted", "delivered"]
        )
        #expect(wiring.outlet.spooledCount == 0)
        #expect(await post(status("delivered", uuid: "u-3")) == .taken)
        #expect(try statusEvents().count == 4)
    }

    @Test("fifty copies of one receipt at once: one event")
    func copies() async throws {
        await withTaskGroup(of: WebhookAnswer.self) { group in
            for _ in 0..<50 { group.addTask { await self.post(self.status("delivered")) } }
            for await answer in group { #expect(answer == .taken) }
        }
        #expect(try statusEvents().count == 1)
    }

    /// When the first handset's message was written, by the provider's clock.
    private static let base = Timestamp.now - .seconds(3_600)

    private func inboundText(
        _ text: String,
        uuid: String = "u-in",
        after seconds: Int = 0
    ) async -> WebhookAnswer {
        await post(message(text, uuid: uuid) { $0.timestamp = Self.base + .seconds(seconds) }, .inbound)
    }

    /// Whether the handset is on the list.
    private func isOptedOut() async throws -> Bool {
        try await store.optOut(of: "+14155550100", sender: "+14155550199") != nil
    }

    @Test("STOP: on the list before the answer, published besides the message; START takes it off")
    func stopAndStart() async throws {
        #expect(await inboundText("Stop.") == .taken)
        let entry = try #require(try await store.optOut(of: "+14155550100", sender: "+14155550199"))
        #expect(entry.keyword == "STOP" && entry.messageUUID == "u-in" && entry.source == .keyword)
        #expect(entry.at == Self.base)
        #expect(publisher.routes == ["sms.inbound/message.14155550199", "sms.inbound/opt-out.14155550199"])
        #expect(await inboundText("STOP", uuid: "u-2") == .taken)
        #expect(publisher.routes.count == 3, "the list did not change")
        #expect(await inboundText("please stop by", uuid: "u-3") == .taken)
        #expect(await inboundText("start", uuid: "u-4", after: 1) == .taken)
        #expect(publisher.routes.last == "sms.inbound/opt-in.14155550199")
        #expect(try await !isOptedOut())
    }

    @Test("a START that is late does not undo a newer STOP, nor a late STOP a newer START")
    func lateChanges() async throws {
        #expect(await inboundText("STOP", uuid: "u-1", after: 0) == .taken)
        #expect(await inboundText("STOP", uuid: "u-3", after: 20) == .taken)
        #expect(await inboundText("START", uuid: "u-2", after: 10) == .taken)
        #expect(try await isOptedOut(), "the last STOP is later than the START")
        #expect(await inboundText("START", uuid: "u-4", after: 20) == .taken)
        #expect(try await isOptedOut(), "at the same moment STOP wins")
        #expect(await inboundText("START", uuid: "u-5", after: 30) == .taken)
        #expect(try await !isOptedOut())
        #expect(await inboundText("STOP", uuid: "u-6", after: 25) == .taken)
        #expect(try await !isOptedOut(), "the START is later than this STOP")
        let changes = publisher.routes.filter { !$0.contains("/message.") }
        #expect(changes == ["sms.inbound/opt-out.14155550199", "sms.inbound/opt-in.14155550199"])
    }

    @Test("an opt-out whose event cannot be kept is published later, and nothing is published twice")
    func unpublished() async throws {
        // The broker is away, and the spool of three is full.
        let other = BrokerMessage(exchange: "sms.status", routingKey: "x", properties: .init(), body: [1])
        for _ in 0..<3 { #expect(try await wiring.outlet.keep(other, key: "full")) }
        publisher.fail(with: [.unavailable("away")])
        #expect(await inboundText("STOP") == .comeAgain(after: .seconds(30)))
        #expect(try await isOptedOut())
        #expect(try await store.unpublishedOptOutChanges(after: 0, limit: 9).map(\.kind) == [.optOut])
        _ = try await wiring.outlet.drain()
        // The repeat changes nothing, and publishes what is still unpublished.
        #expect(await inboundText("STOP") == .taken)
        #expect(publisher.routes.suffix(2) == ["sms.inbound/message.14155550199", "sms.inbound/opt-out.14155550199"])
        #expect(try await store.unpublishedOptOutChanges(after: 0, limit: 9) == [])
    }

    @Test("a change that was not published when it was made is published at the second look at it")
    func left() async throws {
        let entry = OptOut(number: "+14155550100", source: .api, at: .now)
        #expect(try await store.add(entry))
        try await wiring.announcer.announceLeft()
        #expect(publisher.routes == [], "what made it may be publishing it just now")
        try await wiring.announcer.announceLeft()
        #expect(publisher.routes == ["sms.inbound/opt-out.all"])
        try await wiring.announcer.announceLeft()
        #expect(publisher.routes.count == 1)
    }

    @Test("a provider's report that a handset opted out is accepted where it names our sender")
    func providerOptOut() async throws {
        #expect(await post(status("rejected", from: "") { $0.saysOptedOut = true }) == .taken)
        #expect(try await store.optOuts(after: nil, limit: 9).isEmpty)
        #expect(await post(status("rejected", uuid: "u-2") { $0.saysOptedOut = true }) == .taken)
        #expect(publisher.routes.last?.hasPrefix("sms.inbound/opt-out.") == true)
        #expect(try await store.optOuts(after: nil, limit: 9).map(\.source) == [.provider])
    }
}
