import Contracts
import FoundationEssentials
import SMSCore
import Testing

@testable import Vonage

/// Reads a webhook without asking for a proof.
func read(
    _ body: String,
    kind: WebhookKind,
    method: String = "POST",
    query: String = "",
    contentType: String? = "application/json"
) -> WebhookReading {
    let webhook = UnverifiedWebhook(
        kind,
        method: method,
        path: "/webhooks/\(kind.rawValue)",
        query: query,
        headers: contentType.map { ["content-type": [$0]] } ?? [:],
        body: Array(body.utf8)
    )
    return VonageWebhookReader(policy: WebhookPolicy()).read(webhook, now: .now)
}

/// What a webhook said instead of what was expected.
struct OtherReading: Error {
    let reading: WebhookReading
}

extension WebhookReading {
    /// The receipt that it is.
    func receipt() throws -> ReceiptReport {
        guard case .receipt(let report) = self else { throw OtherReading(reading: self) }
        return report
    }

    /// The message that it is.
    func message() throws -> InboundMessage {
        guard case .message(let message) = self else { throw OtherReading(reading: self) }
        return message
    }

    /// What keeps it from being understood; nil when nothing does.
    var problems: [String]? {
        if case .notUnderstood(let webhook) = self { webhook.problems } else { nil }
    }
}

@Suite("Webhooks of the Messages API")
struct VonageWebhookMessagesTests {
    @Test("A v1 receipt with everything in it")
    func statusV1() throws {
        let report = try read(
            """
            {"message_uuid":"aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab","to":"447700900000","from":"447700900001",
             "timestamp":"2025-02-03T12:14:25Z","status":"rejected","channel":"sms","client_ref":"my-ref",
             "error":{"type":"https://developer.vonage.com/api-errors/messages#1240","title":"1240",
                      "detail":"Illegal Number","instance":"bf0ca0bf927b3b52e3cb03217e1a1ddf"},
             "usage":{"currency":"EUR","price":"0.0333"},"destination":{"network_code":"12345"},
             "sms":{"count_total":"2"},"workflow":{"workflow_id":"w","items_number":"1","items_total":"2"}}
            """,
            kind: .status
        ).receipt()
        #expect(report.messageUUID == "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab")
        #expect(report.to == "447700900000" && report.from == "447700900001")
        #expect(report.status == "rejected")
        #expect(report.providerStatus == "rejected")
        #expect(report.timestamp == Timestamp(milliseconds: 1_738_584_865_000))
        #expect(report.reference == "my-ref")
        #expect(
            report.error
                == .init(
                    code: "1240",
                    detail: "Illegal Number",
                    instance: "bf0ca0bf927b3b52e3cb03217e1a1ddf",
                    class: .recipient
                )
        )
        #expect(report.usage == Usage(currency: "EUR", price: "0.0333"))
        #expect(report.segments == 2 && report.networkCode == "12345")
    }

    @Test("A v1 receipt with the least in it")
    func leastStatus() throws {
        let report = try read(#"{"message_uuid":"u","to":"447700900000","status":"submitted"}"#, kind: .status)
            .receipt()
        #expect(report.status == "submitted")
        #expect(report.from.isEmpty && report.timestamp == nil && report.error == nil && report.reference == nil)
    }

    @Test("What differs between the provider's own documents")
    func variants() throws {
        let report = try read(
            """
            {"message_uuid":"u","to":447700900000,"from":"A","status":"Submitted","timestamp":"nonsense",
             "error":{"title":1000,"detail":"Throttled"},"sms":{"total_count":3},"usage":{"price":0.0333},
             "client_ref":null,"destination":"?"}
            """,
            kind: .status
        ).receipt()
        #expect(report.to == "447700900000")
        #expect(report.status == "submitted" && report.providerStatus == "Submitted")
        #expect(report.error?.code == "1000" && report.error?.title == nil)
        #expect(report.segments == 3)
        #expect(report.usage?.price == "0.0333")
        #expect(report.timestamp == nil && report.reference == nil && report.networkCode == nil)
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
        let report = try read(#"{"message_uuid":"u","to":"1","status":"rejected","error":\#(error)}"#, kind: .status)
            .receipt()
        #expect(report.error?.code == code)
    }

    @Test(
        "What a code says to do, and how far its status can be relied on",
        arguments: [
            ("1220", .later, nil), ("1070", .account, nil), ("1240", .recipient, nil), ("1210", .content, nil),
            ("1473", .fraud, nil), ("1490", .unknown, .unknown), ("1330", .unknown, nil), ("9999", .unknown, nil),
            ("Odd", .unknown, nil),
        ] as [(String, ErrorClass, Certainty?)]
    )
    func classes(code: String, errorClass: ErrorClass, certainty: Certainty?) throws {
        let body = #"{"message_uuid":"u","to":"1","status":"rejected","error":{"title":"\#(code)"}}"#
        let report = try read(body, kind: .status).receipt()
        #expect(report.error?.errorClass == errorClass)
        #expect(report.certainty == certainty)
    }

    @Test(
        "Which codes mean that the recipient has opted out",
        arguments: [("1240", true), ("9", true), ("1241", false), ("unknown", false)]
    )
    func optedOut(code: String, isOptOut: Bool) throws {
        let error = #"{"title":"\#(code)","detail":"x"}"#
        let body = #"{"message_uuid":"u","to":"1","status":"rejected","error":\#(error)}"#
        #expect(try read(body, kind: .status).receipt().saysOptedOut == isOptOut)
    }

    @Test(
        "Unknown statuses are kept, lower case",
        arguments: [("queued", "queued"), ("DELIVERED", "delivered"), ("Read", "read")]
    )
    func unknownStatus(text: String, name: String) throws {
        let report = try read(#"{"message_uuid":"u","to":"1","status":"\#(text)"}"#, kind: .status).receipt()
        #expect(report.status == name)
        #expect(report.providerStatus == text)
    }

    @Test("A v0.1 receipt")
    func statusV01() throws {
        let report = try read(
            """
            {"message_uuid":"u","to":{"type":"sms","number":"447700900000"},"from":{"type":"sms","number":"447700900001"},
             "timestamp":"2020-01-01T14:00:00.000Z","status":"undeliverable","error":{"code":1300,"reason":"Not part"},
             "usage":{"currency":"EUR","price":"0.0333"},"client_ref":"string"}
            """,
            kind: .status
        ).receipt()
        #expect(report.to == "447700900000" && report.from == "447700900001")
        #expect(report.status == "undeliverable")
        #expect(report.error == .init(code: "1300", detail: "Not part", class: .recipient))
    }

    @Test("A v1 message")
    func inboundV1() throws {
        let message = try read(
            """
            {"channel":"sms","message_uuid":"u","to":"14155550100","from":"447700900001",
             "timestamp":"2020-01-01T14:00:00.000Z","text":"Hello, wörld 😀","sms":{"num_messages":"2","keyword":"HELLO,"},
             "usage":{"currency":"EUR","price":"0.0057"},"origin":{"network_code":"23410"}}
            """,
            kind: .inbound
        ).message()
        #expect(message.from == "447700900001" && message.to == "14155550100")
        #expect(message.text == "Hello, wörld 😀" && message.keyword == "HELLO," && message.segments == 2)
        #expect(message.networkCode == "23410" && message.usage?.price == "0.0057")
        #expect(message.timestamp == Timestamp(milliseconds: 1_577_887_200_000))
        #expect(message.part == nil)
    }

    @Test("A message without a word is a message, and so is one that consists of a number")
    func odd() throws {
        let empty = try read(#"{"message_uuid":"u","to":"1","from":"2","text":"","channel":"sms"}"#, kind: .inbound)
            .message()
        #expect(empty.text.isEmpty)
        let number = try read(#"{"message_uuid":"u","to":"1","from":"2","text":42}"#, kind: .inbound).message()
        #expect(number.text == "42")
    }

    @Test("A v0.1 message")
    func inboundV01() throws {
        let message = try read(
            """
            {"message_uuid":"u","to":{"number":"14155550100","type":"sms"},"from":{"number":"447700900001","type":"sms"},
             "timestamp":"2020-01-01T14:00:00.000Z","direction":"inbound",
             "message":{"content":{"type":"text","text":"Hello"},"sms":{"num_messages":"1"}}}
            """,
            kind: .inbound
        ).message()
        #expect(message.from == "447700900001" && message.to == "14155550100" && message.text == "Hello")
        #expect(message.segments == 1)
    }

    @Test("A message at the receipts' address is still a message, and the other way round")
    func mixedUp() throws {
        let text = #"{"channel":"sms","message_uuid":"u","to":"1","from":"2","text":"STOP"}"#
        #expect(try read(text, kind: .status).message().text == "STOP")
        let receipt = #"{"channel":"sms","message_uuid":"u","to":"1","from":"2","status":"delivered"}"#
        #expect(try read(receipt, kind: .inbound).receipt().status == "delivered")
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
    func otherChannels(body: String, name: String) {
        guard case .otherChannel(name, let payload) = read(body, kind: .inbound) else {
            Issue.record("not another channel")
            return
        }
        #expect(payload == Array(body.utf8))
    }

    @Test(
        "What cannot be understood lists everything that is missing",
        arguments: [
            ("{}", WebhookKind.status, ["message_uuid is missing", "status is missing", "to is missing"]),
            (
                #"{"channel":"sms","text":"x"}"#, .inbound,
                ["message_uuid is missing", "from is missing", "to is missing"]
            ),
            ("{}", .inbound, ["message_uuid is missing", "from is missing", "to is missing", "text is missing"]),
        ]
    )
    func missing(body: String, kind: WebhookKind, problems: [String]) {
        #expect(read(body, kind: kind).problems == problems)
    }

    @Test("Not a JSON object", arguments: ["", "[]", "[1]", "null", "\"x\"", "{", "<xml/>", "\u{0}", "{\"a\":"])
    func noObject(body: String) {
        for kind in WebhookKind.allCases {
            #expect(read(body, kind: kind).problems != nil)
        }
    }

    @Test("Deeply nested JSON is refused and traps nothing")
    func deep() {
        let body = String(repeating: #"{"error":"#, count: 5_000) + "1" + String(repeating: "}", count: 5_000)
        #expect(read(body, kind: .status).problems != nil)
    }
}
