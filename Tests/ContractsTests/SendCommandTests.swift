import Testing

@testable import Contracts

@Suite("A send command's body")
struct SendCommandTests {
    private let now = Timestamp(milliseconds: 1_795_579_200_000)

    private func read(_ json: String) throws -> SendCommand.Reading {
        try SendCommand.read(Array(json.utf8), now: now)
    }

    @Test("is read field by field")
    func everything() throws {
        let reading = try read(
            """
            {"to": "+1 415 555 0100", "text": "Hallo", "from": "Shop", "id": "a-1", "client_ref": "c", "unknown": [1],
             "metadata": {"k": "v"}, "send_at": "2026-11-26T04:00:00Z", "expires_at": "2026-11-27T04:00:00Z",
             "encoding": "unicode", "smart_encoding": true, "max_segments": 3, "on_uncertain": "resend",
             "provider": {"entity_id": "e", "content_id": "t", "pool_id": "p", "trusted_recipient": true},
             "campaign_id": "k-1"}
            """
        )
        #expect(reading.problems == [])
        let command = reading.command
        #expect(command.to?.digits == "14155550100")
        #expect(command.text == "Hallo")
        #expect(command.from == .alphanumeric("Shop"))
        #expect(command.id == "a-1")
        #expect(command.clientRef == "c")
        #expect(command.metadata == ["k": "v"])
        #expect(command.sendAt == Timestamp(rfc3339: "2026-11-26T04:00:00Z"))
        #expect(command.expiresAt == Timestamp(rfc3339: "2026-11-27T04:00:00Z"))
        #expect(command.encoding == .unicode)
        #expect(command.smartEncoding)
        #expect(command.maxSegments == 3)
        #expect(command.onUncertain == .resend)
        #expect(command.provider.entityID == "e")
        #expect(command.provider.contentID == "t")
        #expect(command.provider.poolID == "p")
        #expect(command.provider.trustedRecipient == true)
        #expect(command.campaignID == "k-1")
    }

    @Test("counts null as absent")
    func nulls() throws {
        let reading = try read(
            #"{"to": "14155550100", "text": "x", "from": null, "metadata": null, "max_segments": null}"#
        )
        #expect(reading.problems == [])
    }

    @Test("has every problem listed, and keeps what was valid")
    func allProblems() throws {
        let reading = try read(
            """
            {"to": 5, "text": "", "from": "no such sender", "metadata": {"a": 1}, "max_segments": 0, "encoding": "utf8",
             "smart_encoding": "yes", "on_uncertain": true, "send_at": "soon", "provider": {"pool_id": 1}, "client_ref": "ok"}
            """
        )
        #expect(
            reading.problems.map(\.field) == [
                "to", "text", "from", "metadata", "send_at", "encoding", "smart_encoding", "max_segments",
                "on_uncertain",
                "provider",
            ]
        )
        #expect(reading.command.clientRef == "ok")
    }

    @Test(
        "names the field of a number that nothing can hold",
        arguments: ["1e400", "-1e400", "1e999999999999999999999", "9223372036854775808", "1e-400", "1.5"]
    )
    func boundless(number: String) throws {
        let reading = try read(#"{"to": "14155550100", "text": "x", "max_segments": \#(number)}"#)
        #expect(reading.problems == [Problem("max_segments", "must be a whole number, 1 or more")])
    }

    @Test("must hold a recipient and a text")
    func required() throws {
        #expect(try read("{}").problems == [Problem("to", "is required"), Problem("text", "is required")])
    }

    @Test("may have 3,200 characters of text and no more")
    func textLimit() throws {
        let longest = String(repeating: "x", count: 3_200)
        #expect(try read(#"{"to": "14155550100", "text": "\#(longest)"}"#).problems == [])
        #expect(try read(#"{"to": "14155550100", "text": "\#(longest)x"}"#).problems.map(\.field) == ["text"])
    }

    @Test("must be due within 366 days and before it expires")
    func times() throws {
        let far = try read(#"{"to": "14155550100", "text": "x", "send_at": "2027-11-27T04:00:00Z"}"#)
        #expect(far.problems.map(\.field) == ["send_at"])
        let crossed = try read(
            #"{"to": "14155550100", "text": "x", "send_at": "2026-12-02T00:00:00Z", "expires_at": "2026-12-01T00:00:00Z"}"#
        )
        #expect(crossed.problems.map(\.field) == ["send_at"])
    }

    @Test("may hold 4 KiB of metadata and no more")
    func metadataLimit() throws {
        let value = String(repeating: "x", count: 4_095)
        #expect(try read(#"{"to": "14155550100", "text": "x", "metadata": {"k": "\#(value)"}}"#).problems == [])
        #expect(
            try read(#"{"to": "14155550100", "text": "x", "metadata": {"kk": "\#(value)"}}"#).problems.map(\.field)
                == ["metadata"]
        )
    }

    @Test(
        "that is no JSON object is unreadable",
        arguments: ["", "[]", "\"text\"", "{", "nope", "{\"a\":}"]
    )
    func unreadable(json: String) {
        #expect(throws: JSONProblem.self) { try read(json) }
    }

    @Test("that is nested past all reason is unreadable")
    func bottomless() {
        #expect(throws: JSONProblem.self) { try read(String(repeating: "[", count: 100_000)) }
    }

    @Test("that is not UTF-8 is unreadable")
    func notUTF8() {
        #expect(throws: JSONProblem("the body is not valid UTF-8 (a string at byte 2)")) {
            try SendCommand.read([0x7B, 0x22, 0xFF, 0x22, 0x7D], now: now)
        }
    }

    @Test("may be nested 400 deep in a field that is not read")
    func nested() throws {
        let deep = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
        #expect(try read(#"{"to": "14155550100", "text": "x", "other": \#(deep)}"#).problems == [])
    }
}
