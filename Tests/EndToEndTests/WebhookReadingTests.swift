import AMQP
import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import Testing
import VonageSimulator

/// Webhooks as they have really come, unsigned here.
@Suite("Webhooks are read right", .enabled(if: World.brokerURL != nil), .timeLimit(.minutes(3)))
struct WebhookReadingTests {
    private static let settings = [
        "VONAGE_SIGNATURE_SECRET": "", "VONAGE_NUMBER": "14155550100",
        "OPT_OUT_KEYWORDS": "STOP,STOPALL,STOP ALL,\u{130}PTAL",
    ]

    /// A message's text as JSON has it, what it is, and the keyword that it is.
    private static let forms: [(json: String, text: String, keyword: String)] = [
        (#"STOP\u200d"#, "STOP\u{200D}", "STOP"), (#"\u200eSTOP"#, "\u{200E}STOP", "STOP"),
        (#"ST\u00adOP"#, "ST\u{AD}OP", "STOP"), (#"STOP\u0000"#, "STOP\u{0}", "STOP"),
        (#"\uff33\uff34\uff2f\uff30"#, "\u{FF33}\u{FF34}\u{FF2F}\u{FF30}", "STOP"),
        ("Stop all", "Stop all", "STOP ALL"), (#"STOP\nALL"#, "STOP\nALL", "STOP ALL"),
        ("iptal", "iptal", "\u{130}PTAL"), ("IPTAL", "IPTAL", "\u{130}PTAL"),
        (#"\u0131ptal"#, "\u{131}ptal", "\u{130}PTAL"),
        (#"STOP \ud83d"#, "STOP \u{FFFD}", "STOP"), (#"STOP \ud83d\ude20"#, "STOP \u{1F620}", "STOP"),
    ]

    @Test("a STOP is one however a handset writes it: its text is published unchanged, and nothing is sent there again")
    func stops() async throws {
        try await World.with(extra: Self.settings) { world in
            let service = try await world.startService()
            for (index, stop) in Self.forms.enumerated() {
                let number = "1415555\(2_000 + index)"
                let body = world.inbound(text: stop.json, from: number, uuid: "stop-\(index)")
                #expect(try await world.post(body, label: "application/json") == 200, "\(stop.json)")
                let (message, optOut) = try await world.messageAndOptOut()
                #expect(Array(message.text.unicodeScalars) == Array(stop.text.unicodeScalars), "\(stop.json)")
                #expect(message.messageUUID == "stop-\(index)")
                #expect(optOut.keyword == stop.keyword, "\(stop.json)")
                #expect(optOut.number == "+" + number)
                try await world.publish(#"{"to": "\#(number)", "text": "x"}"#, id: "after-\(index)")
                #expect(try await world.nextEvent().id == "after-\(index)/suppressed")
            }
            #expect(world.simulator.requestCount == 0)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("what only looks like a STOP is a message and no more")
    func ordinary() async throws {
        try await World.with(extra: Self.settings) { world in
            let service = try await world.startService()
            for (index, text) in ["STOP 12345", "please stop by", "STOPP", #"S\u0422OP"#, #"\ud83d"#, ""].enumerated() {
                let body = world.inbound(text: text, from: "14155550240", uuid: "ordinary-\(index)")
                #expect(try await world.post(body, label: "application/json") == 200)
                let event = try await world.nextWebhookEvent(InboundEvent.self)
                #expect(event.type == "sms.inbound.message")
                #expect(event.data.messageUUID == "ordinary-\(index)")
            }
            try await world.publish(#"{"to": "14155550240", "text": "x"}"#, id: "after")
            #expect(try await world.nextEvent().id == "after/accepted")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("half a surrogate pair, a text that is null and bytes that are no UTF-8 cost no message")
    func halves() async throws {
        try await World.with(extra: Self.settings) { world in
            let service = try await world.startService()
            let half = world.inbound(text: #"see you \ud83d"#, from: "14155550131", uuid: "half")
            let none = Array(
                String(decoding: world.inbound(text: "?", from: "14155550131", uuid: "none"), as: UTF8.self)
                    .replacing(#""text":"?""#, with: #""text":null"#).utf8
            )
            var latin = world.inbound(text: "caf#", from: "14155550131", uuid: "latin")
            let place = try #require(latin.firstIndex(of: UInt8(ascii: "#")))
            latin[place] = 0xE9
            let cases: [([UInt8], String, String)] = [
                (half, "half", "see you \u{FFFD}"), (none, "none", ""), (latin, "latin", "caf\u{FFFD}"),
            ]
            for (body, uuid, text) in cases {
                #expect(try await world.post(body, label: "application/json") == 200, "\(uuid)")
                let event = try await world.nextWebhookEvent(InboundEvent.self)
                #expect(event.data.messageUUID == uuid)
                #expect(event.data.text == text)
            }
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a body is read by what it is, whatever its label says")
    func labels() async throws {
        try await World.with(extra: Self.settings) { world in
            let service = try await world.startService()
            let form = Array(
                """
                msisdn=14155550282&to=14155550100&messageId=0B0000004E5A2002&text=label&type=text&keyword=LABEL\
                &message-timestamp=2026-11-01+10%3A00%3A00
                """.utf8
            )
            let json = world.inbound(text: "label", from: "14155550281", uuid: "json")
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            let cases: [(body: [UInt8], label: String?)] = [
                (form, "application/json"), (form, nil), (form, "text/plain; charset=iso-8859-1"),
                (mark + json, nil), (json, "application/x-www-form-urlencoded"),
                (json, "application/json; charset=utf-16"), (mark + json, "text/html"),
            ]
            for (index, entry) in cases.enumerated() {
                // A repeat would be known from a new message by its id.
                let body = Array(
                    String(decoding: entry.body, as: UTF8.self)
                        .replacing("0B0000004E5A2002", with: "0B0000004E5A20\(index)")
                        .replacing(#""json""#, with: "\"json-\(index)\"").utf8
                )
                #expect(try await world.post(body, label: entry.label) == 200, "\(entry.label ?? "none")")
                let event = try await world.nextWebhookEvent(InboundEvent.self)
                #expect(event.type == "sms.inbound.message")
                #expect(event.data.text == "label")
                #expect(event.data.messageUUID.hasSuffix("\(index)"))
            }
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("junk that nothing verifies is answered 400: an empty one leaves nothing, of the others some are kept")
    func junk() async throws {
        try await World.with(extra: Self.settings) { world in
            let service = try await world.startService()
            for path in ["/webhooks/status", "/webhooks/inbound?", "/webhooks/status?&"] {
                #expect(try await world.get(path) == 400, "\(path)")
            }
            for number in 0..<110 {
                #expect(try await world.post(Array("{\"junk\":\(number)}".utf8), label: nil) == 400)
            }
            let isKept = try await eventually {
                // Some more are allowed while the test runs.
                (100..<110).contains(try await world.client.queueInfo(world.names.dead)?.readyCount ?? 0)
            }
            #expect(isKept)
            let lines = service.log.split(separator: "\n").filter { $0.contains("\"not_kept\"") }
            #expect((1...3).contains(lines.count), "\(lines)")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("part 1 of 1 is a whole message, part 2 of 2 is none")
    func parts() async throws {
        try await World.with(extra: Self.settings) { world in
            let service = try await world.startService()
            func path(_ number: String, _ id: String, _ part: Int, _ total: Int) -> String {
                "/webhooks/inbound?msisdn=\(number)&to=14155550100&messageId=\(id)&text=STOP&type=text&keyword=STOP"
                    + "&message-timestamp=2026-11-01+10%3A00%3A00&concat=true&concat-ref=17&concat-total=\(total)"
                    + "&concat-part=\(part)"
            }
            #expect(try await world.get(path("14155550161", "0B0000004E5A0701", 1, 1)) == 200)
            let (message, optOut) = try await world.messageAndOptOut()
            #expect(message.text == "STOP" && message.part == nil)
            #expect(optOut.number == "+14155550161")
            #expect(try await world.get(path("14155550162", "0B0000004E5A0702", 2, 2)) == 200)
            let part = try await world.nextWebhookEvent(InboundEvent.self)
            #expect(part.data.part == InboundEvent.Part(reference: "17", number: 2, total: 2))
            try await world.publish(#"{"to": "14155550162", "text": "x"}"#, id: "other")
            #expect(try await world.nextEvent().id == "other/accepted")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a receipt of the older API with numbers for texts: plain decimals are published")
    func legacyReceipt() async throws {
        try await World.with(extra: Self.settings) { world in
            let service = try await world.startService()
            for (index, price) in ["0.00001", "1e-05", #""1E-5""#].enumerated() {
                let uuid = "2e1b8fa7-0000-4000-8000-00000000300\(index)"
                let body = """
                    {"err-code":0,"timestamp":1687253022,"messageId":"\(uuid)","msisdn":14155550392,"price":\(price),\
                    "to":14155550100,"network-code":310004,"message-timestamp":"2023-06-20 09:23:42",\
                    "api-key":"12ab34cd","status":"delivered"}
                    """
                #expect(try await world.post(Array(body.utf8), label: "application/json", "/webhooks/status") == 200)
                let delivery = try #require(await world.webhookEvents.next(within: .seconds(30)))
                #expect(delivery.routingKey == "delivered.14155550100")
                let event = try JSONDecoder().decode(CloudEvent<StatusEvent>.self, from: Data(delivery.body))
                #expect(event.type == "sms.status.delivered")
                #expect(event.data.messageUUID == uuid && event.data.commandID == nil)
                #expect(event.data.to == "+14155550392" && event.data.from == "+14155550100")
                #expect(event.data.usage?.price == "0.00001")
                #expect(event.data.networkCode == "310004" && event.data.error == nil)
                #expect(event.data.timestamp == "2023-06-20T09:23:42.000Z")
            }
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }
}

extension World {
    /// A message of a handset as the Messages API posts it; the text is JSON already.
    fileprivate func inbound(text: String, from: String, uuid: String) -> [UInt8] {
        Array(
            """
            {"channel":"sms","message_uuid":"\(uuid)","to":"14155550100","from":"\(from)",\
            "timestamp":"2026-11-01T10:00:00Z","text":"\(text)"}
            """.utf8
        )
    }

    /// Posts a webhook with these bytes and this content type, and gives the answer's status.
    fileprivate func post(_ body: [UInt8], label: String?, _ path: String = "/webhooks/inbound") async throws -> UInt {
        var request = HTTPClientRequest(url: url + path)
        request.method = .POST
        if let label { request.headers.add(name: "content-type", value: label) }
        request.body = .bytes(ByteBuffer(bytes: body))
        return try await HTTPClient.shared.execute(request, timeout: .seconds(10)).status.code
    }

    /// Makes a webhook's request without a body, and gives the answer's status.
    fileprivate func get(_ path: String) async throws -> UInt {
        try await HTTPClient.shared.execute(HTTPClientRequest(url: url + path), timeout: .seconds(10)).status.code
    }

    /// The two events of a STOP, in whatever order they come.
    fileprivate func messageAndOptOut() async throws -> (InboundEvent, OptOutEvent) {
        var message: InboundEvent?
        var optOut: OptOutEvent?
        for _ in 0..<2 {
            let delivery = try #require(await webhookEvents.next(within: .seconds(30)), "no event of a webhook came")
            let body = Data(delivery.body)
            if delivery.routingKey.hasPrefix("opt-out.") {
                optOut = try JSONDecoder().decode(CloudEvent<OptOutEvent>.self, from: body).data
            } else {
                message = try JSONDecoder().decode(CloudEvent<InboundEvent>.self, from: body).data
            }
        }
        return (try #require(message), try #require(optOut))
    }
}
