import Contracts
import Testing

@testable import App

@Suite("A dead letter that is replayed")
struct DeadLetterReplayTests {
    private let names = BrokerNames()

    @Test("is the command again: body, properties and lane, with a replay number and without what belongs to its way")
    func message() throws {
        let deadLetter = DeadLetters.Letter(
            .letter(
                routingKey: "send.bulk",
                properties: .init(
                    contentType: "application/json",
                    priority: 3,
                    messageID: "order-1",
                    correlationID: "c",
                    replyTo: "answers",
                    type: "t",
                    appID: "shop",
                    timestamp: 7,
                    headers: [
                        "traceparent": .string("00-1"), "theirs": .integer(1), "sms-wait": .integer(4),
                        "sms-attempt": .integer(5), "sms-force": .bool(true), "x-death": .array([]),
                        "x-first-death-queue": .string("q"), "x-last-death-reason": .string("expired"),
                        "x-delivery-count": .integer(9), "CC": .array([.string("elsewhere")]),
                    ]
                )
            )
        )
        let command = try deadLetter.replayed(names, isForced: false).get()
        #expect(command.exchange == "sms.commands")
        #expect(command.routingKey == "send.bulk")
        #expect(command.body == deadLetter.message.body)
        var properties = deadLetter.message.properties
        properties.headers = [
            "traceparent": .string("00-1"), "theirs": .integer(1), "sms-replay": .integer(1),
            "sms-first-seen": .string(DeadLetter.sample().firstSeen.rfc3339),
        ]
        #expect(command.properties == properties)
    }

    @Test(
        "has the number above the last",
        arguments: [
            (nil, 1), (.integer(0), 1), (.integer(2), 3), (.string("2"), 3), (.integer(-5), 1), (.string("x"), 1),
            (.bool(true), 1),
        ] as [(BrokerMessage.HeaderValue?, Int64)]
    )
    func number(last: BrokerMessage.HeaderValue?, next: Int64) throws {
        let deadLetter = DeadLetters.Letter(
            .letter(properties: .init(messageID: "a", headers: last.map { ["sms-replay": $0] } ?? [:]))
        )
        let command = try deadLetter.replayed(names, isForced: false).get()
        #expect(command.properties.headers["sms-replay"] == .integer(next))
    }

    @Test("is refused where its body was too large to be read, which the handle distinguishes from an empty one")
    func tooLarge() {
        let message = BrokerMessage.letter("", properties: .init(messageID: "a"))
        let deadLetter = DeadLetters.Letter(message, bodySize: 2_000_000)
        #expect(throws: DeadLetters.Refusal.tooLarge) { try deadLetter.replayed(names, isForced: true).get() }
        #expect(deadLetter.handle != DeadLetters.Letter(message).handle)
        #expect(deadLetter.lines(withBody: true).last == "body: 2000000 bytes, too large to be shown")
    }

    @Test("has the message_id that it had, else the body's id, else one made from the dead letter that stays the same")
    func messageID() throws {
        func id(_ message: BrokerMessage) throws -> String? {
            try DeadLetters.Letter(message).replayed(names, isForced: false).get().properties.messageID
        }
        #expect(try id(.letter(#"{"id": "inner"}"#, properties: .init(messageID: "outer"))) == "outer")
        #expect(try id(.letter(#"{"id": "inner"}"#)) == "inner")
        #expect(try id(.letter(#"{"id": "ü"}"#)) == nil, "no command may have that id")
        let made = try #require(try id(.letter("{}")))
        #expect(made.hasPrefix("letter:"))
        #expect(made.count == 39)
        #expect(try id(.letter("{}")) == made, "a second replay would be a second command")
        #expect(try id(.letter("{ }")) != made)
        let later = DeadLetter.sample { $0.firstSeen = Timestamp(milliseconds: 1) }
        #expect(try id(.letter("{}", later)) != made, "two commands of one body would be one")
    }

    @Test("is refused when it is no command", arguments: [true, false])
    func noCommand(isForced: Bool) {
        func refusal(_ exchange: String) -> DeadLetters.Refusal? {
            let deadLetter = DeadLetters.Letter(.letter("{}", .sample { $0.originalExchange = exchange }))
            guard case .failure(let refusal) = deadLetter.replayed(names, isForced: isForced) else { return nil }
            return refusal
        }
        #expect(refusal("webhook") == .webhook)
        #expect(refusal("sms.outbound") == .noCommand(exchange: "sms.outbound"))
        #expect(refusal("other.commands") == .noCommand(exchange: "other.commands"))
        #expect(refusal("") == .noCommand(exchange: ""))
        #expect(refusal("sms.commands") == nil)
    }

    @Test(
        "is refused without force when the handset may have its message",
        arguments: [("uncertain", .never), ("poison", .never), ("uncertain", .replay)] as [(String, DeadLetter.Advice)]
    )
    func doubtful(code: String, advice: DeadLetter.Advice) throws {
        let deadLetter = DeadLetters.Letter(
            .letter(
                "{}",
                .sample {
                    $0.code = code
                    $0.advice = advice
                }
            )
        )
        #expect(throws: DeadLetters.Refusal.mayHaveReachedHandset) {
            try deadLetter.replayed(names, isForced: false).get()
        }
        let forced = try deadLetter.replayed(names, isForced: true).get()
        #expect(forced.properties.headers["sms-force"] == .bool(true))
        #expect(forced.properties.headers["sms-replay"] == .integer(1))
    }

    @Test("is not refused for any other advice", arguments: [DeadLetter.Advice.replay, .fix])
    func advised(advice: DeadLetter.Advice) throws {
        let deadLetter = DeadLetters.Letter(.letter("{}", .sample { $0.advice = advice }))
        #expect(try deadLetter.replayed(names, isForced: false).get().properties.headers["sms-force"] == nil)
    }

    @Test("goes to its lane also when the broker itself gave it up")
    func givenUpByTheBroker() throws {
        let death: [String: BrokerMessage.HeaderValue] = [
            "reason": .string("delivery_limit"), "queue": .string("sms.send"), "exchange": .string("sms.commands"),
            "routing-keys": .array([.string("send")]), "count": .integer(1), "time": .timestamp(1_000),
        ]
        let message = BrokerMessage(
            exchange: "",
            routingKey: "sms.dead",
            properties: .init(messageID: "a", headers: ["x-death": .array([.table(death)])]),
            body: []
        )
        let deadLetter = DeadLetters.Letter(message)
        #expect(deadLetter.code == "delivery_limit")
        #expect(deadLetter.detail == "the broker gave it up in queue 'sms.send'")
        #expect(deadLetter.lastSeen == "1970-01-01T00:16:40.000Z")
        #expect(deadLetter.advice == .replay)
        let command = try deadLetter.replayed(names, isForced: false).get()
        #expect(command.exchange == "sms.commands")
        #expect(command.routingKey == "send")
        #expect(command.properties.headers == ["sms-replay": .integer(1)])
    }

    @Test("goes to its lane also when the broker gave it up as it came back from a wait")
    func givenUpAfterAWait() throws {
        let death: [String: BrokerMessage.HeaderValue] = [
            "reason": .string("delivery_limit"), "queue": .string("sms.retry.due.bulk"),
            "exchange": .string("sms.retry.due"), "routing-keys": .array([.string("send.bulk")]),
        ]
        let message = BrokerMessage(
            exchange: "",
            routingKey: "sms.dead",
            properties: .init(messageID: "a", headers: ["x-death": .array([.table(death)]), "sms-wait": .integer(2)]),
            body: []
        )
        let command = try DeadLetters.Letter(message).replayed(names, isForced: false).get()
        #expect(command.exchange == "sms.commands")
        #expect(command.routingKey == "send.bulk")
        #expect(command.properties.headers == ["sms-replay": .integer(1)])
    }

    @Test("is what it says, and not what an earlier death in a wait queue says")
    func ownReason() {
        let expired: [String: BrokerMessage.HeaderValue] = ["reason": .string("expired"), "queue": .string("q")]
        let deadLetter = DeadLetters.Letter(
            .letter(properties: .init(messageID: "a", headers: ["x-death": .array([.table(expired)])]))
        )
        #expect(deadLetter.code == "retries_exhausted")
        #expect(deadLetter.exchange == "sms.commands")
    }
}

extension DeadLetter {
    /// A dead letter of a command that was tried six times.
    static func sample(_ change: (inout DeadLetter) -> Void = { _ in }) -> DeadLetter {
        var deadLetter = DeadLetter(
            code: "retries_exhausted",
            detail: "status 503",
            attempts: 6,
            firstSeen: Timestamp(milliseconds: 1_700_000_000_000),
            lastSeen: Timestamp(milliseconds: 1_700_000_060_000),
            originalExchange: "sms.commands",
            originalRoutingKey: "send",
            advice: .replay
        )
        change(&deadLetter)
        return deadLetter
    }
}

extension BrokerMessage {
    /// A dead letter as it lies in the queue.
    static func letter(
        _ body: String = #"{"to": "14155550100", "text": "x"}"#,
        _ deadLetter: DeadLetter = .sample(),
        routingKey: String = "send",
        properties: Properties = .init()
    ) -> BrokerMessage {
        var deadLetter = deadLetter
        deadLetter.originalRoutingKey = routingKey
        let original = BrokerMessage(exchange: "", routingKey: "", properties: properties, body: Array(body.utf8))
        return deadLetter.message(of: original, names: BrokerNames())
    }
}
