import AMQP
import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import Testing
import VonageSimulator

@Suite(
    "Campaigns over HTTP and from the command line",
    .enabled(if: World.brokerURL != nil),
    .timeLimit(.minutes(3))
)
struct CampaignToolsTests {
    @Test("three recipients, one of them bad: 207 with a result for each")
    func sendCampaign() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let answer = try await world.request(
                .POST,
                "/send-campaign",
                #"{"recipients": ["+14155550100", {"to": "14155550101"}, "nonsense"], "message": "Hi"}"#
            )
            #expect(answer.status == 207)
            #expect(answer.json["status"] as? String == "Campaign processing attempted")
            let results = try #require(answer.json["results"] as? [[String: Any]])
            #expect(results.map { $0["to"] as? String } == ["+14155550100", "+14155550101", "nonsense"])
            #expect(results.map { $0["success"] as? Bool } == [true, true, false])
            let first = world.simulator.messages.first { $0.to == "14155550100" }
            #expect(results[0]["message_uuid"] as? String == first?.messageUUID)
            #expect(results[2]["error"] is String)
            let id = try #require(answer.json["id"] as? String)
            let shown = try await world.request(.GET, "/campaigns/\(id)")
            #expect(shown.status == 200)
            #expect(shown.json["accepted"] as? Int == 2)
            #expect(shown.json["invalid"] as? Int == 1)
            #expect(shown.json["state"] as? String == "completed")
            #expect(try await world.request(.DELETE, "/campaigns/\(id)").status == 409)
            #expect(try await world.request(.GET, "/campaigns/unknown").status == 404)
            #expect(try await world.request(.POST, "/campaigns/unknown/pause").status == 404)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a key that comes again is carried out once; what breaks rules gets 400 with all problems")
    func rules() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let body = #"{"recipients": ["+14155550100"], "message": "Hi"}"#
            for _ in 1...2 {
                let answer = try await world.request(.POST, "/send-campaign", body, key: "k")
                #expect(answer.status == 200)
                #expect(answer.json["id"] as? String == "k")
            }
            let other = #"{"recipients": ["+14155550101"], "message": "Hi"}"#
            #expect(try await world.request(.POST, "/send-campaign", other, key: "k").status == 422)
            #expect(world.simulator.requestCount == 1)
            for (bad, fields) in [
                ("[]", ["body"]), ("{}", ["message", "recipients"]),
                (
                    #"{"recipients": ["1", 7], "message": "{{x}} {{ y }}", "from": "!"}"#,
                    ["from", "message", "recipients[0]"]
                ),
            ] {
                let answer = try await world.request(.POST, "/send-campaign", bad)
                #expect(answer.status == 400)
                let problems = answer.json["problems"] as? [[String: Any]] ?? []
                #expect(problems.map { $0["field"] as? String } == fields)
            }
            #expect(try await world.request(.POST, "/send-campaign", body, key: "c:x").status == 400)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a large campaign is answered 202, paused, let go on, and called back")
    func control() async throws {
        try await World.with(extra: ["SEND_RATE": "20/s"]) { world in
            let service = try await world.startService()
            let recipients = (0..<40_000).map { #"{"to": "+1415\#(5_000_000 + $0)", "name": "Ada \#($0)"}"# }
            let body =
                #"{"recipients": [\#(recipients.joined(separator: ","))], "message": "Hi {{name}}", "id": "large"}"#
            let sent = try await world.request(.POST, "/send-campaign", body, prefer: "respond-async")
            #expect(sent.status == 202)
            #expect(sent.location == "/campaigns/large")
            let isRunning = try await eventually(within: .seconds(60)) {
                try await world.request(.GET, "/campaigns/large").json["accepted"] as? Int ?? 0 >= 5
            }
            #expect(isRunning)
            #expect(try await world.request(.POST, "/campaigns/large/pause").status == 202)
            #expect(try await world.request(.GET, "/campaigns/large").json["state"] as? String == "paused")
            #expect(try await world.request(.POST, "/campaigns/large/resume").status == 202)
            let cancelled = try await world.request(.DELETE, "/campaigns/large")
            #expect(cancelled.status == 202)
            #expect(cancelled.json["status"] as? String == "cancelling")
            let isOver = try await eventually(within: .seconds(90)) {
                try await world.request(.GET, "/campaigns/large").json["state"] as? String == "cancelled"
            }
            #expect(isOver)
            let end = try await world.request(.GET, "/campaigns/large").json
            #expect(end["recipients"] as? Int == 40_000)
            #expect(end["pending"] as? Int == 0)
            #expect((end["accepted"] as? Int ?? 0) + (end["cancelled"] as? Int ?? 0) == 40_000)
            #expect(end["accepted"] as? Int == world.simulator.requestCount)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("the command line sends a file, follows it, and says how it went")
    func commandLine() async throws {
        try await World.with(extra: ["SEND_RATE": "0"]) { world in
            let service = try await world.startService()
            func run(_ arguments: [String]) async throws -> (Int32?, String) {
                let process = try ServiceProcess(
                    ["campaign"] + arguments,
                    environment: world.environment,
                    directory: world.folder
                )
                return (await process.waitForExit(), process.log)
            }
            let rows = (0..<300).map { "+1415\(5_000_000 + $0),\"Ada, the \($0)th\"\r\n" }
            let file = world.folder.appendingPathComponent("list.csv")
            try Data(("\u{FEFF}to,name\r\n" + rows.joined() + "bad,x\r\n").utf8).write(to: file)
            let arguments = ["--file", file.path, "--text", "Hi {{name}}", "--id", "cli"]
            let (code, output) = try await run(arguments)
            #expect(code == 0, "\(output)")
            #expect(output.contains("completed  id=cli  recipients=301  accepted=300  invalid=1"), "\(output)")
            #expect(world.simulator.messages.contains { $0.text == "Hi Ada, the 7th" })
            let (again, json) = try await run(arguments + ["--json"])
            #expect(again == 0)
            #expect(json.contains(#""accepted":300"#))
            #expect(world.simulator.requestCount == 300)

            let (lacking, problems) = try await run(["--file", file.path, "--text", "Hi {{first}}", "--id", "other"])
            #expect(lacking == 65)
            #expect(problems.contains("recipients[99]"))
            #expect(problems.contains("and 201 more"))
            #expect(try await run(["--file", "/nowhere.csv", "--text", "Hi"]).0 == 66)
            let (queued, taken) = try await run(["--file", file.path, "--text", "x", "--no-wait", "--json"])
            #expect(queued == 0)
            #expect(taken.contains(#""recipients":301"#))
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }
}

/// An answer of the service.
private struct Answer {
    let status: UInt
    let location: String?
    let json: [String: Any]
}

extension World {
    fileprivate func request(
        _ method: HTTPMethod,
        _ path: String,
        _ body: String? = nil,
        key: String? = nil,
        prefer: String? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = method
        if let key { request.headers.add(name: "idempotency-key", value: key) }
        if let prefer { request.headers.add(name: "prefer", value: prefer) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(70))
        let bytes = try await response.body.collect(upTo: 1 << 20)
        let object = try? JSONSerialization.jsonObject(with: Data(bytes.readableBytesView))
        return Answer(
            status: response.status.code,
            location: response.headers.first(name: "location"),
            json: object as? [String: Any] ?? [:]
        )
    }
}
