import Crypto
import FoundationEssentials
import NIOHTTP1
import Testing

@testable import VonageSimulator

@Suite("Webhooks as the simulator posts them", .timeLimit(.minutes(3)))
struct VonageSimulatorWebhookTests {
    private func statuses(_ simulator: VonageSimulator) -> [String?] { simulator.webhooks.map(\.status) }

    @Test("An accepted message gets submitted, then delivered")
    func receipts() async throws {
        try await withListener { simulator, listener async throws in
            let uuid = try await simulator.send().fields["message_uuid"]
            #expect(await simulator.wait { $0.webhooks.count == 2 })
            #expect(listener.webhooks.map(\.path) == ["/webhooks/status", "/webhooks/status"])
            let first = try #require(listener.webhooks.first).fields
            #expect(first["message_uuid"] == uuid && first["status"] == "submitted" && first["channel"] == "sms")
            #expect(first["to"] == "447700900001" && first["from"] == "14155550100" && first["client_ref"] == "ref")
            #expect(listener.webhooks.last?.fields["status"] == "delivered")
            #expect(listener.webhooks.allSatisfy { $0.authorization == nil })
            #expect(simulator.webhooks.allSatisfy { $0.answer == 200 && $0.attempt == 1 })
        }
    }

    @Test(
        "Signed as Vonage signs: HS256 over the raw body, for the account of the secret",
        arguments: [
            (nil, nil, "abcd1234"), ("12ab34cd", nil, "12ab34cd"), (nil, "12ab34cd", "12ab34cd"),
            ("12ab34cd", "99zz99zz", "99zz99zz"),
        ] as [(String?, String?, String)]
    )
    func signed(account: String?, signing: String?, named: String) async throws {
        let secret = "short-secret"
        try await withListener {
            $0.signatureSecret = secret
            $0.credentials = .init(apiKey: account, applicationID: "app")
            $0.signingAPIKey = signing
        } _: { simulator, listener async throws in
            _ = try await simulator.send()
            #expect(await simulator.wait { $0.webhooks.count == 2 })
            var ids: Set<String> = []
            for webhook in listener.webhooks {
                let header = try #require(webhook.authorization)
                try #require(header.hasPrefix("Bearer "))
                let parts = header.dropFirst(7).split(separator: ".").map(String.init)
                try #require(parts.count == 3)
                let mac = HMAC<SHA256>.authenticationCode(
                    for: Data("\(parts[0]).\(parts[1])".utf8),
                    using: SymmetricKey(data: Data(secret.utf8))
                )
                let signature = try decoded(parts[2])
                let head = try decoded(parts[0])
                #expect(Data(mac) == signature)
                #expect(String(decoding: head, as: UTF8.self) == #"{"alg":"HS256","typ":"JWT"}"#)
                let claims = Answer(
                    status: 0,
                    headers: [:],
                    body: String(decoding: try decoded(parts[1]), as: UTF8.self)
                ).fields
                let hash = SHA256.hash(data: Data(webhook.body.utf8)).map {
                    String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
                }
                #expect(claims["payload_hash"] == hash.joined())
                #expect(
                    claims["iss"] == "Vonage" && claims["api_key"] == named && claims["application_id"] == "app"
                )
                ids.insert(try #require(claims["jti"]))
            }
            #expect(ids.count == 2)
        }
    }

    private func decoded(_ text: String) throws -> Data {
        var base64 = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        while base64.count % 4 != 0 { base64.append("=") }
        return try #require(Data(base64Encoded: String(base64)))
    }

    @Test("Repeated on 429, 5xx and a closed connection; any other answer is final")
    func repeated() async throws {
        try await withListener { simulator, listener async throws in
            listener.answer([
                .answer(SimulatorResponse(status: 503), after: .zero),
                .answer(SimulatorResponse(status: 429), after: .zero), .close,
                .answer(SimulatorResponse(status: 204), after: .zero),
                .answer(SimulatorResponse(status: 401), after: .zero),
            ])
            simulator.receiveInbound(from: "447700900001", to: "14155550100", text: "stop now")
            #expect(await simulator.wait { $0.webhooks.count == 4 })
            simulator.receiveInbound(from: "447700900001", to: "14155550100", text: "again")
            #expect(await simulator.wait { $0.webhooks.count == 5 })
            #expect(simulator.webhooks.map(\.answer) == [503, 429, nil, 204, 401])
            #expect(simulator.webhooks.map(\.attempt) == [1, 2, 3, 4, 1])
            #expect(Set(listener.webhooks.prefix(4).map(\.body)).count == 1)
            // Nothing more comes of the refused one: the next webhook is the next to arrive.
            simulator.receiveInbound(from: "447700900001", to: "14155550100", text: "third")
            #expect(await simulator.wait { $0.webhooks.count == 6 })
            #expect(listener.webhooks.last?.fields["text"] == "third")
        }
    }

    @Test("A message from a handset, over HTTP")
    func inbound() async throws {
        try await withListener { simulator, listener async throws in
            let answer = try await simulator.request(
                .POST,
                "/simulator/inbound",
                #"{"from":"+447700900001","to":"14155550100","text":"stop now"}"#
            )
            #expect(answer.status == 202)
            #expect(await simulator.wait { $0.webhooks.count == 1 })
            let webhook = try #require(listener.webhooks.first)
            #expect(webhook.path == "/webhooks/inbound")
            #expect(webhook.fields["message_uuid"] == answer.fields["message_uuid"])
            #expect(webhook.fields["from"] == "447700900001" && webhook.fields["text"] == "stop now")
            #expect(webhook.body.contains(#""keyword":"STOP""#))
            #expect(try await simulator.request(.POST, "/simulator/inbound", "{}").status == 400)
        }
    }

    @Test("The address's query is kept, and a message's own webhook_url wins")
    func addresses() async throws {
        try await withListener {
            $0.webhooks = ($0.webhooks ?? "") + "/?token=abc"
        } _: { simulator, listener async throws in
            _ = try await simulator.send()
            #expect(await simulator.wait { $0.webhooks.count == 2 })
            #expect(listener.webhooks.first?.path == "/webhooks/status?token=abc")
            _ = try await simulator.send { $0["webhook_url"] = "\"\(listener.url)/mine\"" }
            #expect(await simulator.wait { $0.webhooks.count == 4 })
            #expect(listener.webhooks.last?.path == "/mine")
        }
    }

    @Test("no_receipt, duplicate_receipts, reordered_receipts, fail_receipt")
    func faults() async throws {
        try await withListener { simulator, listener async throws in
            simulator.setFaults([
                FaultRule(.noReceipt, times: 1), FaultRule(.duplicateReceipts, times: 1),
                FaultRule(.reorderedReceipts, times: 1),
                FaultRule(.failReceipt, times: 1, status: "undeliverable", error: 1_240),
            ])
            _ = try await simulator.send()
            _ = try await simulator.send()
            #expect(await simulator.wait { $0.webhooks.count == 4 })
            #expect(
                Set(simulator.webhooks.map(\.messageUUID)) == [simulator.messages[1].messageUUID],
                "the first has none"
            )
            #expect(statuses(simulator).filter { $0 == "submitted" }.count == 2)
            #expect(statuses(simulator).filter { $0 == "delivered" }.count == 2)
            _ = try await simulator.send()
            #expect(await simulator.wait { $0.webhooks.count == 6 })
            #expect(statuses(simulator).suffix(2) == ["delivered", "submitted"])
            _ = try await simulator.send()
            #expect(await simulator.wait { $0.webhooks.count == 8 })
            #expect(statuses(simulator).suffix(2) == ["submitted", "undeliverable"])
            #expect(listener.webhooks.last?.body.contains(#""title":"1240""#) == true)
        }
    }

    @Test("late_receipt waits")
    func late() async throws {
        try await withListener { simulator, listener async throws in
            simulator.setFaults([FaultRule(.lateReceipt, delayMS: 250)])
            let begin = ContinuousClock.now
            _ = try await simulator.send()
            #expect(await simulator.wait { $0.webhooks.count == 1 })
            #expect(begin.duration(to: .now) >= .milliseconds(250))
        }
    }

    @Test("unsigned_receipt: the first attempt bears no signature, the repetition does")
    func unsigned() async throws {
        try await withListener {
            $0.signatureSecret = "secret"
        } _: { simulator, listener async throws in
            simulator.setFaults([FaultRule(.unsignedReceipt, times: 1)])
            listener.answer([.answer(SimulatorResponse(status: 503), after: .zero)])
            _ = try await simulator.send()
            #expect(await simulator.wait { $0.webhooks.contains { $0.attempt == 2 } })
            let submitted = listener.webhooks.filter { $0.fields["status"] == "submitted" }
            #expect(submitted.map { $0.authorization == nil } == [true, false])
        }
    }

    @Test("A listener that is not there does no harm")
    func noListener() async throws {
        let gone = try await withListener { simulator, listener in listener.url }
        try await withSimulator {
            $0.webhooks = gone
            $0.webhookRetry = .milliseconds(5)
        } _: { simulator async throws in
            for _ in 0..<20 { #expect(try await simulator.send().status == 202) }
            #expect(await simulator.wait { $0.webhooks.contains { $0.attempt == 3 } })
            #expect(simulator.webhooks.allSatisfy { $0.answer == nil })
        }
    }
}
