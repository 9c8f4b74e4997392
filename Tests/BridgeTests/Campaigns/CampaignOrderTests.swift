import Contracts
import Testing

@testable import Bridge

@Suite("A campaign's request")
struct CampaignOrderTests {
    private func read(_ body: String) -> CampaignOrder.Reading {
        CampaignOrder.read(Array(body.utf8), key: "k", defaultSender: nil, now: .now)
    }

    private func problems(_ body: String) -> ProblemList {
        switch read(body) {
        case .valid: ProblemList()
        case .invalid(let problems): problems
        }
    }

    private func request(_ recipients: String, _ text: String = "Hi") -> String {
        #"{"recipients":[\#(recipients)],"from":"14155550199","message":"\#(text)"}"#
    }

    @Test("is split into messages that have its fields and all recipients, invalid ones too")
    func cut() throws {
        let recipients = (0..<5_000).map {
            #"{"to":"+1415555\#(1_000 + $0)","name":"\#(String(repeating: "x", count: 300))"}"#
        }
        let body = request((recipients + ["null", "7", #"{"a":1}"#]).joined(separator: ","))
        guard case .valid(let order) = read(body) else {
            Issue.record("\(problems(body))")
            return
        }
        #expect(order.parts == 2)
        var found: [CampaignCommand.Recipient] = []
        for part in 1...order.parts {
            let message = order.body(part)
            #expect(message.count <= CampaignCommand.Limit.bodyBytes)
            let reading = try CampaignCommand.read(message, now: .now)
            #expect(reading.problems.isEmpty)
            #expect(reading.command.part == part)
            #expect(reading.command.terms.text == "Hi")
            found += reading.command.recipients
        }
        #expect(found.count == 5_003)
        #expect(found.last?.problem == Problem("to", "is required"))
        #expect(found.prefix(5_000).map(\.to) == (0..<5_000).map { "+1415555\(1_000 + $0)" })
    }

    @Test("names all problems, in whatever order the body has its fields")
    func problems() {
        let lacking = problems(
            request(Array(repeating: #"{"to":"1"}"#, count: 150).joined(separator: ","), "Hi {{name}}")
        )
        #expect(lacking.count == 150)
        #expect(lacking.listed.count == 100)
        #expect(lacking.listed.first == Problem("recipients[0]", #"has no "name", which the text needs"#))
        #expect(problems(request("")).listed == [Problem("recipients", "must not be empty")])
        let other = problems(#"{"recipients":"x","from":"14155550199"}"#)
        #expect(
            other.listed == [
                Problem("message", "is required"), Problem("recipients", "must be an array, not a string"),
            ]
        )
        #expect(problems(#"{"message":"Hi","from":"14155550199"}"#).listed == [Problem("recipients", "is required")])
        #expect(problems("[]").listed == [Problem("body", "the body is not a JSON object")])
    }

    @Test("may have 100,000 recipients; problems of further ones are counted too")
    func tooMany() {
        let many = Array(repeating: #"{"to":"1"}"#, count: 100_001).joined(separator: ",")
        #expect(problems(request(many)).listed == [Problem("recipients", "are 100001; the limit is 100000")])
        #expect(problems(request(many, "Hi {{name}}")).count == 100_002)
    }

    @Test("may have fields and recipients of 256 KiB, and not longer ones: as values they take many times as much")
    func tooLong() {
        let long = String(repeating: #"{"a":1},"#, count: 40_000) + "1"
        let recipient = problems(request("1,[\(long)]"))
        #expect(recipient.listed == [Problem("body", "recipients[1] is longer than 262144 bytes")])
        let field = problems(#"{"x":[\#(long)],"message":"Hi","recipients":["1"]}"#)
        #expect(
            field.listed == [Problem("body", "the body's fields besides recipients are longer than 262144 bytes")]
        )
    }
}
