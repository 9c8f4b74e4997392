import FoundationEssentials
import Testing

@testable import Vonage

@Suite("The JSON of a request to send")
struct VonageSMSRequestTests {
    private func json(_ request: VonageSMSRequest) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(request), as: UTF8.self)
    }

    @Test("What every message needs, and nothing else")
    func plain() throws {
        let request = VonageSMSRequest(to: "447700900001", from: "Acme", text: "hé")
        #expect(
            try json(request)
                == #"{"channel":"sms","from":"Acme","message_type":"text","text":"hé","to":"447700900001"}"#
        )
    }

    @Test("Channel parameters stand inside sms, trusted_recipient and ttl beside it")
    func full() throws {
        var request = VonageSMSRequest(to: "447700900001", from: "Acme", text: "x", clientRef: "ref")
        request.ttl = 600
        request.encodingType = .unicode
        request.entityID = "e"
        request.contentID = "c"
        request.poolID = "p"
        request.trustedRecipient = true
        request.webhookURL = "https://example.com/status"
        let expected = """
            {"channel":"sms","client_ref":"ref","from":"Acme","message_type":"text",\
            "sms":{"content_id":"c","encoding_type":"unicode","entity_id":"e","pool_id":"p"},"text":"x",\
            "to":"447700900001","trusted_recipient":true,"ttl":600,"webhook_url":"https://example.com/status"}
            """
        #expect(try json(request) == expected)
    }

    @Test("Neither number nor text shows up when a request is printed")
    func description() {
        let request = VonageSMSRequest(to: "447700900001", from: "14155550100", text: "a secret", clientRef: "ref")
        for text in ["\(request)", String(reflecting: request)] {
            #expect(!text.contains("447700900001") && !text.contains("secret"))
        }
    }
}
