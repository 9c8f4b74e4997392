import Contracts
import Testing

@Suite("Reading a campaign")
struct CampaignCommandTests {
    private static let now = Timestamp(milliseconds: 1_795_579_200_000)

    private func read(_ body: String) throws -> CampaignCommand.Reading {
        try CampaignCommand.read(Array(body.utf8), now: Self.now)
    }

    @Test("a campaign with everything")
    func everything() throws {
        let reading = try read(
            #"""
            {"id": "spring", "text": "Hi {{name}}", "from": "ACME", "metadata": {"a": "b"}, "max_segments": 2,
             "send_at": "2026-11-26T00:00:00Z", "expires_at": "2026-11-27T00:00:00Z", "smart_encoding": true,
             "part": 2, "parts": 3, "unknown": [1],
             "recipients": [{"to": "+1 415 555 0100", "name": "Ada"}, {"to": "bad", "name": 7}]}
            """#
        )
        #expect(reading.problems.isEmpty)
        #expect(reading.command.id == "spring")
        #expect(reading.command.part == 2)
        #expect(reading.command.parts == 3)
        #expect(reading.command.recipients.map(\.to) == ["+1 415 555 0100", "bad"])
        #expect(reading.command.terms.from == "ACME")
        #expect(reading.command.terms.maxSegments == 2)
        #expect(reading.command.terms.smartEncoding)
        #expect(reading.command.terms.sendAt?.rfc3339 == "2026-11-26T00:00:00.000Z")
    }

    @Test(
        "each broken rule is named",
        arguments: [
            (#"{}"#, ["text", "recipients"]),
            (#"{"text": "x", "recipients": []}"#, ["recipients"]),
            (#"{"text": "x", "recipients": {}}"#, ["recipients"]),
            (#"{"text": "", "recipients": ["1"]}"#, ["text"]),
            (#"{"text": "x", "from": "!", "recipients": ["1"], "max_segments": 0}"#, ["from", "max_segments"]),
            (
                #"{"text": "{{a}} {{b}}", "recipients": ["1", {"to": "2", "a": "x", "b": null}, {"to": "3", "a": 1, "b": 1.5}]}"#,
                ["recipients[0]", "recipients[0]", "recipients[1]", "recipients[2]"]
            ),
            (#"{"text": "{{a", "recipients": ["1"]}"#, ["text"]),
            (#"{"text": "x", "recipients": ["1"], "part": 1}"#, ["part"]),
            (#"{"text": "x", "recipients": ["1"], "part": 4, "parts": 3}"#, ["part"]),
            (
                #"{"text": "x", "recipients": ["1"], "send_at": "2026-12-01T00:00:00Z", "expires_at": "2026-11-30T00:00:00Z"}"#,
                ["send_at"]
            ),
        ]
    )
    func problems(body: String, fields: [String]) throws {
        let reading = try read(body)
        #expect(reading.problems.listed.map(\.field) == fields)
        #expect(reading.problems.count == fields.count)
    }

    @Test("a recipient that is none, or without a number, is no problem of the campaign, and keeps its place")
    func unusable() throws {
        let reading = try read(
            #"{"text": "{{a}}", "recipients": [7, {}, {"to": 7}, null, {"to": null, "a": "x"}, []]}"#
        )
        #expect(reading.problems.isEmpty)
        #expect(reading.command.recipients.map(\.to) == (0..<6).map { "recipients[\($0)]" })
        #expect(reading.command.recipients.allSatisfy { $0.problem != nil })
        let part = try read(#"{"text": "x", "part": 2, "parts": 3, "recipients": [null]}"#)
        #expect(part.command.recipients.map(\.to) == ["part 2, recipients[0]"])
    }

    @Test("a field that looks like a misspelt one is named in the warnings")
    func warnings() throws {
        let reading = try read(#"{"text": "x", "recipients": ["1"], "sendAt": "2026-12-01T00:00:00Z", "note": 1}"#)
        #expect(reading.problems.isEmpty)
        #expect(reading.command.terms.warnings?.map(\.field) == ["sendAt"])
    }

    @Test("a hundred problems are listed, and all are counted")
    func many() throws {
        let recipients = (0..<250).map { _ in "\"1\"" }.joined(separator: ",")
        let reading = try read(#"{"text": "{{name}}", "recipients": [\#(recipients)]}"#)
        #expect(reading.problems.listed.count == 100)
        #expect(reading.problems.count == 250)
        #expect(reading.problems.listed.last?.field == "recipients[99]")
    }

    @Test("more than 1 MiB is a problem of the body")
    func size() throws {
        let number = "14155550100"
        let recipients = Array(repeating: "\"\(number)\"", count: 80_000).joined(separator: ",")
        let reading = try read(#"{"text": "x", "recipients": [\#(recipients)]}"#)
        #expect(reading.problems.listed.map(\.field) == ["body"])
    }

    @Test("what is no object is a problem that no event can report")
    func noObject() {
        #expect(throws: JSONProblem.self) { try read("[]") }
    }

    @Test("the terms' digest differs between campaigns, whatever their recipients")
    func digest() throws {
        func digest(_ body: String) throws -> String {
            let command = try read(body).command
            return command.terms.digest(parts: command.parts)
        }
        let first = try digest(#"{"text": "x", "recipients": ["1"], "part": 1, "parts": 2}"#)
        #expect(try digest(#"{"text": "x", "recipients": ["2"], "part": 2, "parts": 2}"#) == first)
        #expect(try digest(#"{"text": "y", "recipients": ["1"], "part": 1, "parts": 2}"#) != first)
        #expect(try digest(#"{"text": "x", "recipients": ["1"], "part": 1, "parts": 3}"#) != first)
    }

    @Test("a recipient's command id is always the same, short and one of a kind")
    func ids() throws {
        let campaign = try #require(CommandID(String(repeating: "x", count: 100)))
        let id = CommandID.ofCampaign(campaign, recipient: "14155550100")
        #expect(id == CommandID.ofCampaign(campaign, recipient: "14155550100"))
        #expect(id.text.hasPrefix("c:"))
        #expect(id.text.count == 40)
        #expect(id.reference == id.text)
        #expect(id != CommandID.ofCampaign(campaign, recipient: "14155550101"))
    }
}

@Suite("A campaign's text")
struct CampaignTemplateTests {
    @Test(
        "only {{name}} is a variable",
        arguments: [
            ("Hi {{name}}", ["name"], 0), ("{{a}}{{b}} {{a}}", ["a", "b"], 0), ("no tags { } }} {x}", [], 0),
            ("{{vorname_2}} {{Größe}}", ["vorname_2", "Größe"], 0),
            ("{{ name }}", [], 1), ("{{#if}}", [], 1), ("{{{raw}}}", [], 1), ("{{}}", [], 1), ("{{a} }", [], 1),
            ("{{first name}} {{ok}}", ["ok"], 1), ("x {{", [], 1), ("{{a}}}", ["a"], 0),
        ]
    )
    func tags(text: String, variables: [String], problems: Int) {
        let template = CampaignTemplate(text)
        #expect(template.variables == variables)
        #expect(template.problems.count == problems)
    }

    @Test("values are put in as they are, and not looked at again")
    func render() {
        let template = CampaignTemplate("Hi {{name}}{{name}}: {{to}} {{n}} {{b}}!")
        let recipient = CampaignCommand.Recipient(
            to: "+1 415",
            fields: ["name": .string("{{x}} \u{301}"), "n": .integer(-7), "b": .bool(true)]
        )
        #expect(template.problems(of: recipient) == [])
        let text = template.render(template.values(of: recipient))
        #expect(text == "Hi {{x}} \u{301}{{x}} \u{301}: +1 415 -7 true!")
    }

    @Test("what lacks or does not fit is named")
    func lacking() {
        let template = CampaignTemplate("{{a}} {{b}} {{c}}")
        let recipient = CampaignCommand.Recipient(
            to: "1",
            fields: ["a": .string(""), "b": JSONNumber(1.5).map(JSONValue.number) ?? .null, "c": .null]
        )
        #expect(
            template.problems(of: recipient) == [
                #"has a number with a fraction as "b"; the text needs a string"#,
                #"has no "c", which the text needs"#,
            ]
        )
    }
}
