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

    private func part(_ envelope: CampaignEnvelope) throws -> CampaignPart {
        guard case .part(let part) = envelope else {
            Issue.record("\(envelope)")
            throw CancellationError()
        }
        return part
    }

    private func problems(_ envelope: CampaignEnvelope) -> [Problem] {
        switch envelope {
        case .unidentified(let problems): problems
        case .part(let part): part.problems.listed
        }
    }

    @Test("in one part has the id of its properties, else its body's, else one that is given to it by its digest")
    func id() async throws {
        let named = #"{"id": "inner", "text": "Hi", \#(Self.recipients)}"#
        let outer = try part(try await open(named, id: "outer"))
        #expect(outer.id.text == "outer")
        #expect(!outer.isAnonymous)
        #expect(try part(try await open(named)).id.text == "inner")
        let anonymous = try part(try await open(#"{"text": "Hi", \#(Self.recipients)}"#))
        #expect(anonymous.id.text == "given-1")
        #expect(anonymous.isAnonymous)
    }

    @Test("in several parts has its body's id, which makes them one campaign, and needs one")
    func severalParts() async throws {
        let body = #""part": 2, "parts": 3, "text": "Hi", \#(Self.recipients)"#
        let second = try part(try await open(#"{"id": "inner", \#(body)}"#, id: "outer"))
        #expect(second.id.text == "inner")
        #expect(second.number == 2)
        #expect(try part(try await open("{\(body)}", id: "outer")).id.text == "outer")
        let bare = try await open("{\(body)}")
        #expect(problems(bare) == [Problem("id", "is required for a campaign in parts")])
    }

    @Test("without a usable id cannot be answered, and says why")
    func unidentified() async throws {
        let written = try await open(#"{"id": "ü", "text": "Hi", \#(Self.recipients)}"#)
        guard case .unidentified(let problems) = written else {
            Issue.record("\(written)")
            return
        }
        #expect(problems.first == Problem("id", "must be 1 to 100 printable ASCII characters"))
        guard case .unidentified = try await open("[]") else {
            Issue.record("an array has no id, and must not be given one")
            return
        }
        guard case .unidentified = try await open(#"{"id": 7, "text": "Hi", \#(Self.recipients)}"#) else {
            Issue.record("an id of another type is not replaced by one that is given")
            return
        }
        // With an id of its properties even a body that is not JSON is a campaign, whose event says what is wrong.
        let broken = try part(try await open("[", id: "outer"))
        #expect(broken.problems.listed.map(\.field) == ["body"])
    }

    @Test("lacks a sender only where no default one is configured, and where its own is not wrong already")
    func sender() async throws {
        let body = #"{"id": "a", "text": "Hi", \#(Self.recipients)}"#
        #expect(problems(try await open(body)) == [])
        let lacking = Problem("from", "is required, since no default sender (VONAGE_NUMBER) is configured")
        #expect(problems(try await open(body, defaultSender: nil)) == [lacking])
        let wrong = #"{"id": "a", "from": "12345678901234567890", "text": "Hi", \#(Self.recipients)}"#
        let found = problems(try await open(wrong, defaultSender: nil))
        #expect(found.map(\.field) == ["from"])
        #expect(found != [lacking])
    }

    @Test("names no queue of the service for its reply; any other, with the correlation id, is where its end goes")
    func reply() async throws {
        let body = #"{"id": "a", "text": "Hi", \#(Self.recipients)}"#
        let own = try await open(body, replyTo: BrokerNames().campaign)
        #expect(problems(own) == [Problem("reply_to", "must not name a queue of sms.*")])
        let reply = try part(try await open(body, replyTo: "mine")).reply(isReused: true)
        #expect(reply == CampaignReply(replyTo: "mine", correlationID: "c-1", isReused: true))
        #expect(try part(try await open(body)).reply(isReused: false) == nil)
        #expect(try part(try await open(body, replyTo: "")).reply(isReused: false) == nil)
    }

    @Test("is not read when it is four times as long as a message may be")
    func tooLong() async throws {
        let body = String(repeating: " ", count: 4 * CampaignCommand.Limit.bodyBytes + 1)
        let long = try await open(body, id: "outer")
        #expect(problems(long).map(\.field) == ["body"])
        #expect(problems(long).first?.problem.hasPrefix("is \(body.utf8.count) bytes") == true)
    }

    @Test("begins a campaign with its marks: correlation id, trace, number of its replay and of its parts")
    func campaign() async throws {
        let headers: [String: BrokerMessage.HeaderValue] = ["traceparent": .string("00-t"), "sms-replay": .integer(2)]
        let body = #"{"id": "a", "part": 1, "parts": 2, "text": "Hi", \#(Self.recipients)}"#
        let first = try part(try await open(body, headers: headers))
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
        let record = try part(try await open(body(2))).campaign(now: Bench.start)
        let other = try part(try await open(body(3)))
        #expect(other.stray(in: record) == Problem("parts", "is 3 in one part and 2 in another"))
        let same = try part(try await open(body(2)))
        #expect(same.stray(in: record) == Problem("part", "1 differs from another in more than its recipients"))
    }
}
