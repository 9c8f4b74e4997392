import Contracts
import Foundation
import Testing

@Suite("The field window")
struct SendWindowTests {
    private func read(_ json: String) throws -> FieldReader.Read<SendWindow> {
        SendWindow.read(try JSONValue(parsing: Array(json.utf8)))
    }

    @Test("is read with its hours, days and zone, and written as it was meant")
    func valid() throws {
        let window = try read(#"{"start":"09:00","end":"20:00","days":"Mon-Sat","tz":"Europe/Paris"}"#).get()
        #expect(window.start == 540 && window.end == 1200)
        #expect((0..<7).map(window.days.contains) == [true, true, true, true, true, true, false])
        #expect(window.zone == .named("Europe/Paris"))
        #expect(window.text == "09:00-20:00 mon-sat")
        let again = try JSONDecoder().decode(SendWindow.self, from: try JSONEncoder().encode(window))
        #expect(again == window)
        #expect(try read(#"{"start":"22:00","end":"24:00"}"#).get().end == 1440)
        let night = try read(#"{"start":"21:30","end":"06:00","days":"fri, sun-mon","tz":null}"#).get()
        #expect(night.isOverMidnight && night.zone == .recipient && night.days.text == "mon,fri,sun")
    }

    @Test("has every problem listed")
    func invalid() throws {
        guard case .failure(let problem) = try read(#"{"start":"9:00","days":"mo","tz":"Mars/Base","endd":"20:00"}"#)
        else {
            Issue.record("it was read")
            return
        }
        for part in ["start must be a time", "end is required", "days must be", "tz must be", "did you mean end?"] {
            #expect(problem.message.contains(part), "\(problem.message)")
        }
    }

    @Test(
        "does not exist with these",
        arguments: [
            #""09:00-20:00""#, #"{"start":"09:00","end":"09:00"}"#, #"{"start":"24:00","end":"09:00"}"#,
            #"{"start":"09:60","end":"10:00"}"#, #"{"start":"09:00","end":"24:01"}"#, #"{"start":9,"end":"10:00"}"#,
            #"{"start":"09:00","end":"10:00","days":""}"#, #"{"start":"09:00","end":"10:00","days":"mon-"}"#,
            #"{"start":"09:00","end":"10:00","tz":"GMT+3"}"#, #"{"start":"09:00","end":"10:00","tz":"PST"}"#,
            #"{"start":"09:00","end":"10:00","tz":""}"#, #"{"start":"-9:00","end":"10:00"}"#,
        ]
    )
    func refused(json: String) throws {
        guard case .failure = try read(json) else {
            Issue.record("\(json) was read")
            return
        }
    }

    @Test("belongs to commands and campaigns, and a campaign hands it on to its messages")
    func inCommands() throws {
        let body = #"{"to":"+14155550100","text":"x","window":{"start":"09:00","end":"20:00"}}"#
        let reading = try SendCommand.read(Array(body.utf8), now: .now)
        #expect(reading.problems.isEmpty && reading.command.window?.text == "09:00-20:00")
        let bad = try SendCommand.read(Array(#"{"to":"+14155550100","text":"x","window":[]}"#.utf8), now: .now)
        #expect(bad.problems.map(\.field) == ["window"])

        let campaign =
            #"{"text":"x","recipients":["+14155550100"],"window":{"start":"09:00","end":"20:00","tz":"UTC"}}"#
        let terms = try CampaignCommand.read(Array(campaign.utf8), now: .now).command.terms
        let id = try #require(CommandID("c"))
        let message = CampaignMessage(campaign: id, terms: terms, to: "+14155550100", text: "x")
        let handed = try SendCommand.read(try JSONBytes.encode(message), now: .now)
        #expect(handed.command.window == terms.window && terms.window?.zone == .named("UTC"))
    }
}
