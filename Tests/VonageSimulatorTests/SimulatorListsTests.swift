import FoundationEssentials
import NIOHTTP1
import Testing

@testable import VonageSimulator

@Suite("How a text travels")
struct SMSPartsTests {
    @Test(
        "Encoding and segments are those of the standard",
        arguments: [
            ("hi", "gsm7", 1),
            (String(repeating: "a", count: 160), "gsm7", 1),
            (String(repeating: "a", count: 161), "gsm7", 2),
            (String(repeating: "a", count: 306), "gsm7", 2),
            (String(repeating: "a", count: 307), "gsm7", 3),
            (String(repeating: "€", count: 80), "gsm7", 1),
            // 76 of them fit into one segment of 153, for none is divided.
            (String(repeating: "€", count: 153), "gsm7", 3),
            ("Ça va, Ångström? Ünïque", "ucs2", 1),
            ("@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà", "gsm7", 1),
            ("`", "ucs2", 1),
            ("ж", "ucs2", 1),
            (String(repeating: "ж", count: 70), "ucs2", 1),
            (String(repeating: "ж", count: 71), "ucs2", 2),
            (String(repeating: "😀", count: 35), "ucs2", 1),
            // 33 of them fit into one segment of 67.
            (String(repeating: "😀", count: 67), "ucs2", 3),
        ]
    )
    func parts(text: String, encoding: String, segments: Int) {
        let parts = SMSParts(text)
        #expect(parts.encoding.rawValue == encoding)
        #expect(parts.segments == segments)
    }

    @Test("The request's encoding_type decides where it names one")
    func encodingType() {
        let text = String(repeating: "a", count: 71)
        #expect(SMSParts(text, encodingType: "unicode") == SMSParts(String(repeating: "ж", count: 71)))
        #expect(SMSParts(text, encodingType: "auto").segments == 1)
        #expect(SMSParts(String(repeating: "ж", count: 71), encodingType: "text").segments == 1)
    }
}

@Suite("The simulator's lists", .timeLimit(.minutes(2)))
struct SimulatorListsTests {
    private struct Listed: Decodable {
        struct Attempt: Decodable {
            let status: String?
            let attempt: Int
            let answer: Int?
            let at: String?
        }

        let text: String
        let encoding: String?
        let segments: Int?
        let fault: String?
        let receipts: [Attempt]?
        let deliveries: [Attempt]?
    }

    private static func list(_ simulator: VonageSimulator, _ path: String) async throws -> [Listed] {
        let answer = try await simulator.request(.GET, path)
        return try JSONDecoder().decode([Listed].self, from: Data(answer.body.utf8))
    }

    @Test("A message shows its encoding, its segments, its fault and each attempt at a receipt")
    func message() async throws {
        try await withListener { simulator, _ async throws in
            simulator.setFaults([FaultRule(.failReceipt)])
            _ = try await simulator.send {
                $0["text"] = #""\#(String(repeating: "a", count: 71))""#
                $0["sms"] = #"{"encoding_type":"unicode"}"#
            }
            #expect(await simulator.wait(.seconds(60)) { $0.webhooks.count == 2 })
            let message = try #require(try await Self.list(simulator, "/simulator/messages").first)
            #expect(message.encoding == "ucs2")
            #expect(message.segments == 2)
            #expect(message.fault == "fail_receipt")
            #expect(message.receipts?.map(\.status) == ["submitted", "rejected"])
            #expect(message.receipts?.allSatisfy { $0.answer == 200 && $0.attempt == 1 && $0.at != nil } == true)
        }
    }

    @Test("What handsets wrote is listed with the attempts to deliver it, and forgotten with the rest")
    func inbound() async throws {
        try await withListener { simulator, listener async throws in
            listener.answer([.answer(SimulatorResponse(status: 503), after: .zero)])
            simulator.receiveInbound(from: "447700900001", to: "14155550100", text: "STOP")
            simulator.receiveInbound(from: "447700900002", to: "14155550100", text: "other")
            #expect(await simulator.wait(.seconds(60)) { $0.webhooks.count == 3 })
            let all = try await Self.list(simulator, "/simulator/inbound")
            #expect(all.map(\.text) == ["STOP", "other"])
            #expect(all.flatMap { $0.deliveries ?? [] }.compactMap(\.answer).sorted() == [200, 200, 503])
            #expect(try await Self.list(simulator, "/simulator/inbound?from=447700900002").map(\.text) == ["other"])
            #expect(try await Self.list(simulator, "/simulator/inbound?limit=1").map(\.text) == ["other"])
            simulator.clear()
            #expect(try await Self.list(simulator, "/simulator/inbound").isEmpty)
        }
    }

    @Test("A search finds in texts, numbers, references and ids, whatever the case")
    func search() async throws {
        try await withSimulator { simulator async throws in
            for (index, text) in ["Your Code is 4711", "ÄPFEL & birnen", "100%"].enumerated() {
                _ = try await simulator.send {
                    $0["text"] = #""\#(text)""#
                    $0["to"] = #""44770090000\#(index)""#
                    $0["client_ref"] = #""Ref-\#(index)""#
                }
            }
            func found(_ query: String) async throws -> [String] {
                try await Self.list(simulator, "/simulator/messages?search=" + query).map(\.text)
            }
            #expect(try await found("code") == ["Your Code is 4711"])
            #expect(try await found("%C3%84pfel%20%26%20B") == ["ÄPFEL & birnen"])
            #expect(try await found("100%25") == ["100%"])
            #expect(try await found("447700900001") == ["ÄPFEL & birnen"])
            #expect(try await found("ref-2") == ["100%"])
            #expect(try await found("44770090000&limit=2") == ["ÄPFEL & birnen", "100%"])
            #expect(try await found("nothing") == [])
        }
    }
}
