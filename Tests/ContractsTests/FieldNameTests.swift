import Testing

@testable import Contracts

@Suite("A field's name that looks misspelt")
struct FieldNameTests {
    private static let now = Timestamp(milliseconds: 1_795_579_200_000)

    @Test(
        "looks like the field that was meant",
        arguments: [
            ("sendAt", "send_at"), ("send-at", "send_at"), ("SendAt", "send_at"), ("SEND_AT", "send_at"),
            ("send at", "send_at"), ("sendat", "send_at"), ("send_ta", "send_at"), ("expire_at", "expires_at"),
            ("expires", "expires_at"), ("expiresAt", "expires_at"), ("expiry_at", "expires_at"),
            ("smartEncoding", "smart_encoding"), ("smart-encoding", "smart_encoding"),
            ("smart_enconding", "smart_encoding"), ("clientRef", "client_ref"), ("client-ref", "client_ref"),
            ("form", "from"), ("From", "from"), ("frm", "from"), ("txt", "text"), ("Text", "text"), ("texts", "text"),
            ("To", "to"), ("TO", "to"), ("ID", "id"), ("metaData", "metadata"), ("meta_data", "metadata"),
            ("maxSegments", "max_segments"), ("max_segment", "max_segments"), ("onUncertain", "on_uncertain"),
            ("campaignId", "campaign_id"), ("encodng", "encoding"), ("recipient", "recipients"),
        ] as [(String, String)]
    )
    func alike(written: String, known: String) {
        #expect(FieldName.looksLike(written, known))
    }

    @Test(
        "looks like none when it is another word",
        arguments: [
            "callback", "priority", "sender", "unknown", "brand", "channel", "message_type", "ttl", "x", "", "_", "t",
            "at", "date", "type", "format", "country", "tags", "user", "too", "it", "trace", "reply_to", "webhook_url",
            "sms", "\u{1F600}", "body", "message", "content", "subject",
        ]
    )
    func others(written: String) {
        let known = [
            "to", "text", "from", "id", "client_ref", "metadata", "send_at", "expires_at", "encoding", "smart_encoding",
            "max_segments", "on_uncertain", "provider", "campaign_id",
        ]
        #expect(known.filter { FieldName.looksLike(written, $0) } == [])
    }

    @Test("of any length costs nothing")
    func long() {
        #expect(!FieldName.looksLike(String(repeating: "expires_at", count: 100_000), "expires_at"))
    }

    @Test("of a command is reported as a warning, with what was probably meant, and keeps nothing from being sent")
    func warnings() throws {
        let body = #"""
            {"to": "14155550100", "text": "x", "sendAt": "2027-06-01T10:00:00Z", "expire_at": 7, "clientRef": "mine",
             "callback": "https://example.com", "order": {"sendAt": 1}, "form": null}
            """#
        let reading = try SendCommand.read(Array(body.utf8), now: Self.now)
        #expect(reading.problems == [])
        #expect(reading.command.sendAt == nil)
        #expect(
            reading.warnings == [
                Problem("clientRef", "is not a field and was ignored; did you mean client_ref?"),
                Problem("expire_at", "is not a field and was ignored; did you mean expires_at?"),
                Problem("form", "is not a field and was ignored; did you mean from?"),
                Problem("sendAt", "is not a field and was ignored; did you mean send_at?"),
            ]
        )
    }

    @Test("is reported beside the problems of the others, also where the right one is there too")
    func besides() throws {
        let body = #"{"to": "none", "txt": "x", "send_at": "2026-11-26T04:00:00Z", "SendAt": "soon"}"#
        let reading = try SendCommand.read(Array(body.utf8), now: Self.now)
        #expect(reading.problems.map(\.field) == ["to", "text"])
        #expect(reading.warnings.map(\.field) == ["SendAt", "txt"])
        let plain = #"{"to": "14155550100", "text": "x", "note": "y", "a": 1}"#
        #expect(try SendCommand.read(Array(plain.utf8), now: Self.now).warnings == [])
    }

    @Test("of a campaign is reported in its terms, and the recipients' own fields never are")
    func campaigns() throws {
        let recipient = #"{"to": "14155550100", "form": "z", "sendAt": "a"}"#
        let body = #"{"text": "x", "expire_at": "y", "recipients": [\#(recipient)]}"#
        let reading = try CampaignCommand.read(Array(body.utf8), now: Self.now)
        #expect(reading.problems.isEmpty)
        #expect(reading.command.terms.warnings?.map(\.field) == ["expire_at"])
        let plain = #"{"text": "x", "recipients": ["14155550100"]}"#
        #expect(try CampaignCommand.read(Array(plain.utf8), now: Self.now).command.terms.warnings == nil)
    }
}
