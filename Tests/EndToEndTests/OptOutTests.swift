import Contracts
import Foundation
import Testing
import VonageSimulator

@Suite(
    "Who says STOP is not written to again",
    .enabled(if: World.brokerURL != nil),
    .timeLimit(.minutes(3))
)
struct OptOutTests {
    @Test("no attempt is begun after the STOP's webhook was answered, whatever stands in the queue")
    func race() async throws {
        try await World.with { world in
            // One request at a time, so that what is under way when the answer comes is one at most.
            let service = try await world.startService(["SEND_CONCURRENCY": "1", "SEND_RATE": "20/s"])
            for number in 0..<60 {
                try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: "race-\(number)", lane: .bulk)
            }
            #expect(await world.simulator.wait { $0.requestCount >= 3 })
            let stop = world.simulator.receiveInbound(from: "14155550100", to: "14155550199", text: " \"Stop.\" ")
            #expect(await world.isWebhookAnswered(stop))
            let begun = world.simulator.requestCount
            #expect(begun < 50, "the STOP came too late for this test to show anything")

            let events = try await world.events(60)
            #expect(world.simulator.requestCount <= begun + 1)
            let accepted = events.filter { $0.type == "sms.outbound.accepted" }
            let suppressed = events.filter { $0.type == "sms.outbound.suppressed" }
            #expect(accepted.count == world.simulator.requestCount)
            #expect(accepted.count + suppressed.count == 60)
            #expect(suppressed.allSatisfy { $0.data.error?.code == .optedOut })

            // Another number is still written to; START lifts the bar.
            try await world.publish(#"{"to": "14155550101", "text": "x"}"#, id: "other")
            #expect(try await world.nextEvent().id == "other/accepted")
            let start = world.simulator.receiveInbound(from: "14155550100", to: "14155550199", text: "start")
            #expect(await world.isWebhookAnswered(start))
            try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: "again")
            #expect(try await world.nextEvent().id == "again/accepted")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("the tools change the list of a running service; forget leaves nothing but a digest that still bars")
    func tools() async throws {
        try await World.with { world in
            let service = try await world.startService()
            try await world.publish(#"{"to": "14155550107", "text": "x"}"#, id: "before")
            #expect(try await world.nextEvent().id == "before/accepted")
            _ = try await world.nextWebhookEvent()
            _ = try await world.nextWebhookEvent()
            #expect(try await tool(world, "opt-outs", "add", "+14155550107").contains("added"))
            try await world.publish(#"{"to": "14155550107", "text": "x"}"#, id: "after")
            #expect(try await world.nextEvent().id == "after/suppressed")

            let erased = try await tool(world, "forget", "+14155550107", "--json")
            #expect(erased.contains(#""records":2"#) && erased.contains(#""opt_outs":1"#), "\(erased)")
            let ledger = try Data(contentsOf: world.folder.appending(path: "ledger.db"))
            #expect(!ledger.isEmpty)
            #expect(try await !tool(world, "opt-outs", "list").contains("4155550107"))
            try await world.publish(#"{"to": "14155550107", "text": "x"}"#, id: "forgotten")
            #expect(try await world.nextEvent().id == "forgotten/suppressed")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    private func tool(_ world: World, _ arguments: String...) async throws -> String {
        let process = try ServiceProcess(arguments, environment: world.environment, directory: world.folder)
        #expect(await process.waitForExit() == 0, "\(process.log)")
        return process.log
    }
}

@Suite(
    "What the logs say of people",
    .enabled(if: World.brokerURL != nil),
    .timeLimit(.minutes(3))
)
struct LogPrivacyTests {
    /// Numbers, words of texts and secrets that this run handles and no line may hold, at any level.
    private static let forbidden = [
        "4155550123", "4155550188", "sesame", "melon", "turnip", "secret-of-the-test", "signature-secret",
        "key-of-the-api", "token-of-the-hook",
    ]

    @Test("a whole run at trace: no number in full, no text, no secret")
    func wholeRun() async throws {
        try await World.with { world in
            let service = try await world.startService([
                "LOG_LEVEL": "trace", "API_KEYS": "key-of-the-api-of-the-test",
            ])
            world.simulator.setFaults([
                FaultRule(.status, to: "1415555012", times: 1, status: "503"),
                FaultRule(.status, to: "1415555018", times: 1, status: "422"),
            ])
            try await world.publish(#"{"to": "14155550123", "text": "sesame"}"#, id: "private-1")
            try await world.publish(#"{"to": "14155550188", "text": "melon"}"#, id: "private-2", lane: .bulk)
            try await world.publish(#"{"to": "14155550123", "text": "", "from": "14155550188 melon"}"#, id: "private-3")
            try await world.publish("sesame 14155550123", id: nil)
            _ = try await world.events(3)
            _ = try await world.nextWebhookEvent()
            _ = try await world.nextWebhookEvent()
            let inbound = world.simulator.receiveInbound(from: "14155550123", to: "14155550199", text: "turnip")
            #expect(await world.isWebhookAnswered(inbound))
            service.terminate()
            #expect(await service.waitForExit() == 0)
            let log = service.log
            #expect(log.contains("sms.attempted"), "the log is not the one that was meant")
            for word in Self.forbidden {
                let lines = log.split(separator: "\n").filter { $0.contains(word) }
                #expect(lines.isEmpty, "\(word): \(lines.prefix(2))")
            }
        }
    }

    @Test("with LOG_PII numbers and texts are shown, and secrets still are not")
    func personalData() async throws {
        try await World.with { world in
            let service = try await world.startService(["LOG_PII": "true"])
            try await world.publish(#"{"to": "14155550123", "text": "sesame"}"#, id: "shown")
            #expect(try await world.nextEvent().id == "shown/accepted")
            world.simulator.receiveInbound(from: "14155550188", to: "14155550199", text: "turnip")
            try await service.waitForOutput(#""sms.text":"turnip""#)
            service.terminate()
            #expect(await service.waitForExit() == 0)
            for shown in [#""sms.to":"+14155550123""#, #""sms.text":"sesame""#, #""sms.from":"14155550188""#] {
                #expect(service.log.contains(shown), "\(shown)")
            }
            for secret in ["secret-of-the-test", "signature-secret"] { #expect(!service.log.contains(secret)) }
        }
    }
}

extension World {
    /// Waits until the service has answered 200 to the webhook about a message.
    func isWebhookAnswered(_ uuid: String) async -> Bool {
        await simulator.wait { simulator in
            for webhook in simulator.webhooks where webhook.messageUUID == uuid && webhook.answer == 200 { return true }
            return false
        }
    }
}
