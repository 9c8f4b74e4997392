import FoundationEssentials
import Testing

@testable import Vonage

/// Puts a webhook past a verifier that asks for nothing.
func parse(
    _ body: String,
    kind: VonageWebhookKind,
    method: String = "POST",
    query: String = "",
    contentType: String? = "application/json"
) throws -> Result<VonageWebhook, VonageWebhook.NotUnderstood> {
    let webhook = UnverifiedWebhook(
        method: method,
        path: "/webhooks/\(kind.rawValue)",
        query: query,
        contentType: contentType,
        body: Array(body.utf8)
    )
    let verified = try WebhookVerifier(policy: WebhookPolicy()).verify(webhook, now: Date()).get()
    return VonageWebhook.parse(verified, kind: kind)
}

func status(_ result: Result<VonageWebhook, VonageWebhook.NotUnderstood>) throws -> VonageStatusReport {
    guard case .status(let report) = try result.get() else {
        throw VonageWebhook.NotUnderstood(problems: ["not a status: \(result)"])
    }
    return report
}

func inbound(_ result: Result<VonageWebhook, VonageWebhook.NotUnderstood>) throws -> VonageInboundMessage {
    guard case .inbound(let message) = try result.get() else {
        throw VonageWebhook.NotUnderstood(problems: ["not inbound: \(result)"])
    }
    return message
}

@Suite("Webhooks of the Messages API")
struct VonageWebhookMessagesTests {
    @Test("A v1 receipt with everything in it")
    func statusV1() throws {
        let report = try status(
            parse(
                """
                {"message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab","to":"447700900000","from":"447700900001",
                 "timestamp":"2025-02-03T12:14:25Z","status":"rejected","channel":"sms","client_ref":"my-ref",
                 "error":{"type":"https://developer.vonage.com/api-errors/messages#1240","title":"1240",
                          "detail":"Illegal Number","instance":"bf0ca0bf927b3b52e3cb03217e1a1ddf"},
                 "usage":{"currency":"EUR","price":"0.0333"},"destination":{"network_code":"12345"},
                 "sms":{"count_total":"2"},"workflow":{"workflow_id":"w","items_number":"1","items_total":"2"}}
                """,
                kind: .status
            )
        )
        #expect(report.messageUUID == "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab")
        #expect(report.to == "447700900000" && report.from == "447700900001")
        #expect(report.status == .rejected && report.status.isFinal)
        #expect(report.providerStatus == "rejected")
        #expect(report.timestamp == Date(timeIntervalSince1970: 1_738_584_865))
        #expect(report.clientRef == "my-ref")
        #expect(
            report.problem
                == .init(code: "1240", detail: "Illegal Number", instance: "bf0ca0bf927b3b52e3cb03217e1a1ddf")
        )
        #expect(report.usage == VonageUsage(currency: "EUR", price: "0.0333"))
        #expect(report.segments == 2 && report.networkCode == "12345" && report.format == .messagesV1)
    }

    @Test("A v1 receipt with the least in it")
    func leastStatus() throws {
        let report = try status(parse(#"{"message_uuid":"u","to":"447700900000","status":"submitted"}"#, kind: .status))
        #expect(report.status == .submitted && !report.status.isFinal)
        #expect(report.from.isEmpty && report.timestamp == nil && report.problem == nil && report.clientRef == nil)
    }

    @Test("What differs between the provider's own papers")
    func variants() throws {
        let report = try status(
            parse(
                """
                {"message_uuid":"u","to":447700900000,"from":"A","status":"Submitted","timestamp":"nonsense",
                 "error":{"title":1000,"detail":"Throttled"},"sms":{"total_count":3},"usage":{"price":0.0333},
                 "client_ref":null,"destination":"?"}
                """,
                kind: .status
            )
        )
        #expect(report.to == "447700900000")
        #expect(report.status == .submitted && report.providerStatus == "Submitted")
        #expect(report.problem?.code == "1000" && report.problem?.title == nil)
        #expect(report.segments == 3)
        #expect(report.usage?.price == "0.0333")
        #expect(report.timestamp == nil && report.clientRef == nil && report.networkCode == nil)
    }

    @Test(
        "Where the code of a failure stands",
        arguments: [
            (#"{"title":"1240"}"#, "1240"), (#"{"title":1240}"#, "1240"), (#"{"code":1240,"reason":"r"}"#, "1240"),
            (#"{"type":"https://x/messages#1240","title":"Illegal Number"}"#, "1240"), (#"{"title":"Odd"}"#, "Odd"),
            ("{}", "unknown"),
        ]
    )
    func codes(error: String, code: String) throws {
        let report = try status(
            parse(#"{"message_uuid":"u","to":"1","status":"rejected","error":\#(error)}"#, kind: .status)
        )
        #expect(report.problem?.code == code)
    }

    @Test(
        "Unknown statuses are kept, lower case",
        arguments: [("queued", "queued"), ("DELIVERED", "delivered"), ("Read", "read")]
    )
    func unknownStatus(text: String, name: String) throws {
        let report = try status(parse(#"{"message_uuid":"u","to":"1","status":"\#(text)"}"#, kind: .status))
        #expect(report.status.name == name)
        #expect(report.providerStatus == text)
    }

    @Test("A v0.1 receipt")
    func statusV01() throws {
        let report = try status(
            parse(
                """
                {"message_uuid":"u","to":{"type":"sms","number":"447700900000"},"from":{"type":"sms","number":"447700900001"},
                 "timestamp":"2020-01-01T14:00:00.000Z","status":"undeliverable","error":{"code":1300,"reason":"Not part"},
                 "usage":{"currency":"EUR","price":"0.0333"},"client_ref":"string"}
                """,
                kind: .status
            )
        )
        #expect(report.to == "447700900000" && report.from == "447700900001")
        #expect(report.status == .undeliverable && report.status.isFinal)
        #expect(report.problem == .init(code: "1300", detail: "Not part"))
        #expect(report.format == .messagesV01)
    }

    @Test("A v1 message")
    func inboundV1() throws {
        let message = try inbound(
            parse(
                """
                {"channel":"sms","message_uuid":"u","to":"14155550100","from":"447700900001",
                 "timestamp":"2020-01-01T14:00:00.000Z","text":"Hello, wörld 😀","sms":{"num_messages":"2","keyword":"HELLO,"},
                 "usage":{"currency":"EUR","price":"0.0057"},"origin":{"network_code":"23410"}}
                """,
                kind: .inbound
            )
        )
        #expect(message.from == "447700900001" && message.to == "14155550100")
        #expect(message.text == "Hello, wörld 😀" && message.keyword == "HELLO," && message.segments == 2)
        #expect(message.networkCode == "23410" && message.usage?.price == "0.0057")
        #expect(message.timestamp == Date(timeIntervalSince1970: 1_577_887_200))
        #expect(message.format == .messagesV1 && message.part == nil)
    }

    @Test("A message without a word is a message, and so is one that consists of a number")
    func odd() throws {
        let empty = try inbound(
            parse(#"{"message_uuid":"u","to":"1","from":"2","text":"","channel":"sms"}"#, kind: .inbound)
        )
        #expect(empty.text.isEmpty)
        let number = try inbound(parse(#"{"message_uuid":"u","to":"1","from":"2","text":42}"#, kind: .inbound))
        #expect(number.text == "42")
    }

    @Test("A v0.1 message")
    func inboundV01() throws {
        let message = try inbound(
            parse(
                """
                {"message_uuid":"u","to":{"number":"14155550100","type":"sms"},"from":{"number":"447700900001","type":"sms"},
                 "timestamp":"2020-01-01T14:00:00.000Z","direction":"inbound",
                 "message":{"content":{"type":"text","text":"Hello"},"sms":{"num_messages":"1"}}}
                """,
                kind: .inbound
            )
        )
        #expect(message.from == "447700900001" && message.to == "14155550100" && message.text == "Hello")
        #expect(message.segments == 1 && message.format == .messagesV01)
    }

    @Test("A message at the receipts' address is still a message, and the other way round")
    func mixedUp() throws {
        let text = #"{"channel":"sms","message_uuid":"u","to":"1","from":"2","text":"STOP"}"#
        #expect(try inbound(parse(text, kind: .status)).text == "STOP")
        let receipt = #"{"channel":"sms","message_uuid":"u","to":"1","from":"2","status":"delivered"}"#
        #expect(try status(parse(receipt, kind: .inbound)).status == .delivered)
    }

    @Test(
        "Other channels are handed on as they are",
        arguments: [
            (#"{"channel":"mms","message_uuid":"u","message_type":"image","image":{"url":"x"}}"#, "mms"),
            (#"{"channel":"WhatsApp","message_uuid":"u","text":"hi"}"#, "whatsapp"),
            (
                #"{"from":{"type":"messenger","id":"1"},"message_uuid":"u","message":{"content":{"type":"text","text":"x"}}}"#,
                "messenger"
            ),
            (#"{"channel":"sms","message_uuid":"u","to":"1","from":"2","message_type":"unsupported"}"#, "unsupported"),
        ]
    )
    func otherChannels(body: String, name: String) throws {
        guard case .otherChannel(name, let payload) = try parse(body, kind: .inbound).get() else {
            Issue.record("not another channel")
            return
        }
        #expect(payload == Array(body.utf8))
    }

    @Test(
        "What cannot be understood tells everything that is missing",
        arguments: [
            ("{}", VonageWebhookKind.status, ["message_uuid is missing", "status is missing", "to is missing"]),
            (
                #"{"channel":"sms","text":"x"}"#, .inbound,
                ["message_uuid is missing", "from is missing", "to is missing"]
            ),
            ("{}", .inbound, ["message_uuid is missing", "from is missing", "to is missing", "text is missing"]),
        ]
    )
    func missing(body: String, kind: VonageWebhookKind, problems: [String]) throws {
        #expect(try parse(body, kind: kind) == .failure(.init(problems: problems)))
    }

    @Test("What is no JSON object", arguments: ["", "[]", "[1]", "null", "\"x\"", "{", "<xml/>", "\u{0}", "{\"a\":"])
    func noObject(body: String) throws {
        for kind in [VonageWebhookKind.inbound, .status] {
            guard case .failure = try parse(body, kind: kind) else {
                Issue.record("understood?")
                continue
            }
        }
    }

    @Test("Deeply nested JSON is turned away and traps nothing")
    func deep() throws {
        let body = String(repeating: #"{"error":"#, count: 5_000) + "1" + String(repeating: "}", count: 5_000)
        guard case .failure = try parse(body, kind: .status) else {
            Issue.record("understood?")
            return
        }
    }
}
