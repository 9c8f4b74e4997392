import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import Testing
import VonageSimulator

@Suite(
    "Answers to keywords, and people's hours",
    .enabled(if: World.brokerURL != nil),
    .timeLimit(.minutes(3))
)
struct HoursTests {
    private static let answers = [
        "OPT_OUT_REPLY": "You get no more messages.", "HELP_REPLY": "Help is at hand.",
        "OPT_OUT_REPLY_12345": "The short one is silent.",
    ]

    @Test("STOP is confirmed once though the number is on the list by then, HELP is answered and published")
    func answers() async throws {
        try await World.with(extra: Self.answers) { world in
            let service = try await world.startService()
            let help = world.simulator.receiveInbound(from: "14155550101", to: "14155550199", text: "Help!")
            #expect(await world.isWebhookAnswered(help))
            #expect(try await world.nextEvent().data.commandID.hasPrefix("r:"))
            for _ in 0..<3 {
                let stop = world.simulator.receiveInbound(from: "14155550100", to: "14155550199", text: "stop")
                #expect(await world.isWebhookAnswered(stop))
            }
            let confirmed = try await world.nextEvent()
            #expect(confirmed.type == "sms.outbound.accepted" && confirmed.data.to == "+14155550100")
            let short = world.simulator.receiveInbound(from: "14155550100", to: "12345", text: "STOP")
            #expect(await world.isWebhookAnswered(short))
            #expect(try await world.nextEvent().data.from == "12345")
            try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: "after")
            #expect(try await world.nextEvent().id == "after/suppressed")
            let texts = world.simulator.messages.map(\.text)
            #expect(texts == ["Help is at hand.", "You get no more messages.", "The short one is silent."])
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test(
        "killed at a step of a STOP's webhook, its repeat confirms it once",
        arguments: ["list-changed", "reply-claimed", "message-answered", "message-remembered", "intent-written"]
    )
    func killed(step: String) async throws {
        try await World.with(extra: Self.answers.merging(["UNCERTAIN_WAIT": "2s"]) { $1 }) { world in
            let doomed = try ServiceProcess(
                ["serve"],
                environment: world.environment.merging(["SMS_BRIDGE_DIE_AT": step]) { $1 },
                directory: world.folder
            )
            try await doomed.waitForOutput(#""message":"ready""#)
            let stop = world.simulator.receiveInbound(from: "14155550100", to: "14155550199", text: "STOP")
            #expect(await doomed.waitForExit() == SIGKILL)
            let service = try await world.startService()
            #expect(await world.isWebhookAnswered(stop))
            var end = try await world.nextEvent()
            if end.type == "sms.outbound.uncertain" { end = try await world.nextEvent() }
            // Between the intent and the answer it is not known whether it was sent, and it is not sent twice.
            #expect(end.type == (step == "intent-written" ? "sms.outbound.failed" : "sms.outbound.accepted"))
            #expect(world.simulator.messages.count == (step == "intent-written" ? 0 : 1))
            service.terminate()
            #expect(await service.waitForExit() == 0)
            #expect(world.simulator.messages.count == (step == "intent-written" ? 0 : 1))
        }
    }

    /// A full hour in UTC, so many hours from now.
    private func at(_ offset: Int) -> String {
        let hour = (Int(Timestamp.now.seconds / 3600 % 24) + offset + 24) % 24
        return "\(hour < 10 ? "0" : "")\(hour):00"
    }

    @Test("--window and --tz of send and campaign: what is outside waits, and nonsense is refused")
    func options() async throws {
        try await World.with { world in
            let service = try await world.startService()
            try Data("to\n+14155550101\n".utf8).write(to: world.folder.appending(path: "recipients.csv"))
            let send = ["send", "--to", "+14155550100", "--text", "x", "--no-wait", "--id", "cli"]
            let campaign = ["campaign", "--file", "recipients.csv", "--text", "x", "--no-wait"]
            func run(_ arguments: [String], _ window: String, _ zone: String) async throws -> (Int32?, String) {
                let process = try ServiceProcess(
                    arguments + ["--window", window, "--tz", zone],
                    environment: world.environment,
                    directory: world.folder
                )
                return (await process.waitForExit(), process.log)
            }
            for command in [send, campaign] {
                let (wrong, words) = try await run(command, "\(at(3))-\(at(3))", "Nowhere/None")
                #expect(wrong == 64 && words.contains("end where they begin") && words.contains("--tz must be"))
                let (code, output) = try await run(command, "\(at(3))-\(at(4)) mon-sun", "UTC")
                #expect(code == 0, "\(output)")
            }
            let areWaiting = try await eventually(within: .seconds(30)) {
                let list = try await world.api(.GET, "/messages?state=pending").body
                return list.split(separator: #""reason":"window""#).count == 3
            }
            #expect(areWaiting)
            #expect(world.simulator.requestCount == 0)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("outside its window a command waits and says until when, or expires at once; inside it is sent")
    func window() async throws {
        let closed = #"{"start": "\#(at(3))", "end": "\#(at(4))", "tz": "UTC"}"#
        let open = #"{"start": "\#(at(-1))", "end": "\#(at(3))", "tz": "UTC"}"#
        // London's clock is that of UTC, or an hour later.
        let extra = ["SEND_WINDOWS": "4420=\(at(4))-\(at(5))"]
        try await World.with(extra: extra) { world in
            let service = try await world.startService()
            try await world.publish(#"{"to": "14155550100", "text": "x", "window": \#(closed)}"#, id: "later")
            let soon = (Timestamp.now + .seconds(3600)).rfc3339
            let brief = #"{"to": "14155550100", "text": "x", "window": \#(closed), "expires_at": "\#(soon)"}"#
            try await world.publish(brief, id: "never")
            let expired = try await world.nextEvent()
            #expect(expired.id == "never/expired" && expired.data.error?.detail.contains("opens at") == true)
            try await world.publish(#"{"to": "442071838750", "text": "x"}"#, id: "bulk", lane: .bulk)
            try await world.publish(#"{"to": "14155550100", "text": "x", "window": \#(open)}"#, id: "now")
            #expect(try await world.nextEvent().id == "now/accepted")
            for id in ["later", "bulk"] {
                let isWaiting = try await eventually {
                    let answer = try await HTTPClient.shared.execute(
                        HTTPClientRequest(url: "\(world.url)/messages/\(id)"),
                        timeout: .seconds(30)
                    )
                    let body = String(buffer: try await answer.body.collect(upTo: 1 << 20))
                    return body.contains(#""reason":"window""#) && body.contains(#""state":"pending""#)
                }
                #expect(isWaiting, "\(id)")
            }
            #expect(world.simulator.requestCount == 1)
            try await world.publish(#"{"id": "later"}"#, key: "cancel", id: nil)
            #expect(try await world.nextEvent().id == "later/cancelled")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }
}
