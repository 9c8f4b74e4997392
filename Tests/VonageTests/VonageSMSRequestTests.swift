import Contracts
import FoundationEssentials
import SMSCore
import Testing

@testable import Vonage

@Suite("The JSON of a request to send")
struct VonageSMSRequestTests {
    private func json(_ sms: OutgoingSMS) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(VonageSMSRequest(sms)), as: UTF8.self)
    }

    @Test("What every message needs, and nothing else")
    func plain() throws {
        var sms = hello
        sms.from = .alphanumeric("Acme")
        sms.text = "hé"
        let expected = """
            {"channel":"sms","client_ref":"ref-1","from":"Acme","message_type":"text","text":"hé",\
            "to":"447700900001"}
            """
        #expect(try json(sms) == expected)
    }

    @Test("Channel parameters stand inside sms, trusted_recipient and ttl beside it")
    func full() throws {
        var sms = hello
        sms.text = "x"
        sms.ttlSeconds = 600
        sms.encoding = .unicode
        sms.provider.entityID = "e"
        sms.provider.contentID = "c"
        sms.provider.poolID = "p"
        sms.provider.trustedRecipient = true
        let expected = """
            {"channel":"sms","client_ref":"ref-1","from":"14155550100","message_type":"text",\
            "sms":{"content_id":"c","encoding_type":"unicode","entity_id":"e","pool_id":"p"},"text":"x",\
            "to":"447700900001","trusted_recipient":true,"ttl":600}
            """
        #expect(try json(sms) == expected)
    }

    @Test("An encoding that was asked for is passed on", arguments: [RequestedEncoding.text, .unicode])
    func encoding(_ encoding: RequestedEncoding) throws {
        var sms = hello
        sms.encoding = encoding
        #expect(try json(sms).contains(#""sms":{"encoding_type":"\#(encoding.rawValue)"}"#))
    }
}
