import Contracts
import SMSCore
import Testing

@testable import Bridge

@Suite("A campaign's message, decoded")
struct CampaignEnvelopeTests {
    private static let recipients = #""recipients": ["14155550100"]"#

    /// Decodes a message; an id that is asked for is `given-1`.
    private func open(
        _ body: String,
        id: String? = nil,
        replyTo: String? = nil,
        defaultSender: Sender? = Sender("14155550199"),
        headers: [String: BrokerMessage.HeaderValue] = [:]
    ) async throws -> CampaignEnvelope {
        let message = BrokerMessage(
            exchange: "sms.commands",
            routingKey: "campaign",
            properties: .init(messageID: id, correlationID: "c-1", replyTo: replyTo, headers: headers),
            body: Array(body.utf8)
        )
        return try await CampaignEnvelope.open(
            CommandDelivery(message: message, isRedelivered: false, connection: 1, ack: { true }, giveBack: {}),
            policy: CampaignFlow.Policy(
                names: BrokerNames(),
                defaultSender: defaultSender,
                retention: .seconds(60),
                boot: BootID("one")
            ),
            now: Bench.start
        ) { digest, _ in
            #expect(digest == Digest.hex(Array(body.utf8)))
            return try #require(CommandID("given-1"))
        }
    }

    private func part(
        _ body: String,
        id: String? = nil,
        replyTo: String? = nil,
        headers: [String: BrokerMessage.HeaderValue] = [:]
    ) async throws -> CampaignPart {
        let envelope = try await open(body, id: id, replyTo: replyTo, headers: headers)
        guard case .part(let part) = envelope else {
            Issue.record("\(envelope)")
            throw CancellationError()
        }
        return part
    }

    /// What is wrong with it, whether it has an id or not.
    private func problems(
        _ body: String,
        id: String? = nil,
        replyTo: String? = nil,
        defaultSender: Sender? = Sender("14155550199")
    ) async throws -> [Problem] {
        switch try await open(body, id: id, replyTo: replyTo, defaultSender: defaultSender) {
        case .unidentified(let problems): problems
        case .part(let part): part.problems.listed
        }
    }

    private func isUnidentified(_ body: String) async throws -> Bool {
        if case .unidentified = try await open(body) { true } else { false }
    }

    @Test("in one part has the id of its properties, else its body's, else one that is given to it by its digest")
    func id() async throws {
        let named = #"{"id": "inner", "text": "Hi", \#(Self.recipients)}"#
        let outer = try await part(named, id: "outer")
        #expect(outer.id.text == "outer")
        #expect(!outer.isAnonymous)
        #expect(try await part(named).id.text == "inner")
        let anonymous = try await part(#"{"text": "Hi", \#(Self.recipients)}"#)
        #expect(anonymous.id.text == "given-1")
        #expect(anonymous.isAnonymous)
    }

    @Test("in several parts has its body's id, which makes them one campaign, and needs one")
    func severalParts() async throws {
        let body = #""part": 2, "parts": 3, "text": "Hi", \#(Self.recipients)"#
        let second = try await part(#"{"id": "inner", \#(body)}"#, id: "outer")
        #expect(second.id.text == "inner")
        #expect(second.number == 2)
        #expect(try await part("{\(body)}", id: "outer").id.text == "outer")
        #expect(try await problems("{\(body)}") == [Problem("id", "is required for a campaign in parts")])
    }

    @Test("without a usable id cannot be answered, and says why")
    func unidentified() async throws {
        let written = #"{"id": "ü", "text": "Hi", \#(Self.recipients)}"#
        #expect(try await isUnidentified(written))
        #expect(try await problems(written).first == Problem("id", "must be 1 to 100 printable ASCII characters"))
        // An array has no id, and is not given one; nor is an id of another type replaced by one that is given.
        #expect(try await isUnidentified("[]"))
        #expect(try await isUnidentified(#"{"id": 7, "text": "Hi", \#(Self.recipients)}"#))
        // With an id of its properties even a body that is not JSON is a campaign, whose event says what is wrong.
        let broken = try await part("[", id: "outer")
        #expect(broken.problems.listed.map(\.field) == ["body"])
    }

    @Test("lacks a sender only where no default one is configured, and where its own is not wrong already")
    func sender() async throws {
        let body = #"{"id": "a", "text": "Hi", \#(Self.recipients)}"#
        #expect(try await problems(body) == [])
        let lacking = Problem("from", "is required, since no default sender (VONAGE_NUMBER) is configured")
        #expect(try await problems(body, defaultSender: nil) == [lacking])
        let wrong = #"{"id": "a", "from": "12345678901234567890", "text": "Hi", \#(Self.recipients)}"#
        let found = try await problems(wrong, defaultSender: nil)
        #expect(found.map(\.field) == ["from"])
        #expect(found != [lacking])
    }

    @Test("names no queue of the service for its reply; any other, with the correlation id, is where its end goes")
    func reply() async throws {
        let body = #"{"id": "a", "text": "Hi", \#(Self.recipients)}"#
        let own = try await problems(body, replyTo: BrokerNames().campaign)
        #expect(own == [Problem("reply_to", "must not name a queue of sms.*")])
        let reply = try await part(body, replyTo: "mine").reply(isReused: true)
        #expect(reply == CampaignReply(replyTo: "mine", correlationID: "c-1", isReused: true))
        #expect(try await part(body).reply(isReused: false) == nil)
        #expect(try await part(body, replyTo: "").reply(isReused: false) == nil)
    }

    @Test("is not read when it is four times as long as a message may be")
    func tooLong() async throws {
        let body = String(repeating: " ", count: 4 * CampaignCommand.Limit.bodyBytes + 1)
        let found = try await problems(body, id: "outer")
        #expect(found.map(\.field) == ["body"])
        #expect(found.first?.problem.hasPrefix("is \(body.utf8.count) bytes") == true)
    }

    @Test("begins a campaign with its marks: correlation id, trace, number of its replay and of its parts")
    func campaign() async throws {
        let headers: [String: BrokerMessage.HeaderValue] = ["traceparent": .string("00-t"), "sms-replay": .integer(2)]
        let body = #"{"id": "a", "part": 1, "parts": 2, "text": "Hi", \#(Self.recipients)}"#
        let first = try await part(body, headers: headers)
        let record = first.campaign(now: Bench.start)
        #expect(record.id.text == "a")
        #expect(record.parts == 2)
        #expect(record.replay == 2)
        #expect(record.correlationID == "c-1")
        #expect(record.traceparent == "00-t")
    }

    @Test("that is not like the others of its campaign says in what")
    func stray() async throws {
        func body(_ parts: Int) -> String {
            #"{"id": "a", "part": 1, "parts": \#(parts), "text": "Hi", \#(Self.recipients)}"#
        }
        let record = try await part(body(2)).campaign(now: Bench.start)
        let other = try await part(body(3))
        #expect(other.stray(in: record) == Problem("parts", "is 3 in one part and 2 in another"))
        let same = try await part(body(2))
        #expect(same.stray(in: record) == Problem("part", "1 differs from another in more than its recipients"))
    }
}
