import Contracts
import Foundation
import NIOHTTP1
import Testing
import VonageSimulator

@Suite("Messages that reach no end by themselves", .enabled(if: World.brokerURL != nil), .timeLimit(.minutes(5)))
struct EndsTests {
    private func publish(_ count: Int, _ world: World) async throws {
        for number in 0..<count {
            try await world.publish(#"{"to": "1415555010\#(number % 10)", "text": "x"}"#, id: "m-\(number)")
        }
        for _ in 0..<count { #expect(try await world.nextEvent().type == "sms.outbound.accepted") }
    }

    @Test("no receipt: overdue once, also over a restart, and counted")
    func overdue() async throws {
        try await World.with(extra: ["RECEIPT_OVERDUE": "1s"]) { world in
            world.simulator.setFaults([FaultRule(.noReceipt)])
            var service = try await world.startService()
            try await publish(3, world)
            var seen: Set<String> = []
            for _ in 0..<3 {
                let event = try await world.nextWebhookEvent()
                #expect(event.type == "sms.status.overdue" && event.id == "\(event.data.messageUUID)/overdue")
                #expect(event.data.status == "overdue" && !event.data.final && (event.data.waitedS ?? 0) >= 1)
                seen.insert(event.data.messageUUID)
            }
            #expect(seen == Set(world.simulator.messages.map(\.messageUUID)))
            // It counts when the event has been confirmed, which may be after it came here.
            let isCounted = try await eventually(within: .seconds(30)) {
                try await world.api(.GET, "/metrics").body.contains("sms_bridge_receipts_overdue_total 3\n")
            }
            #expect(isCounted)
            service.terminate()
            #expect(await service.waitForExit() == 0)

            // Another process looks at the same messages; the next event is that of a new one.
            service = try await world.startService()
            try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: "next")
            let accepted = try await world.nextEvent()
            #expect(try await world.nextWebhookEvent().data.messageUUID == accepted.data.messageUUID)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("RECONCILE=reports: each ends as the provider says, and the sums are the provider's")
    func reports() async throws {
        try await World.with(extra: ["RECEIPT_OVERDUE": "1s", "RECONCILE": "reports"]) { world in
            world.simulator.setFaults([
                FaultRule(.noReceipt, to: "14155550100", status: "rejected", error: 1490), FaultRule(.noReceipt),
            ])
            let service = try await world.startService()
            try await publish(25, world)
            var ends: [String: StatusEvent] = [:]
            while ends.count < 25 {
                let event = try await world.nextWebhookEvent(within: .seconds(60))
                guard event.data.status != "overdue" else { continue }
                #expect(event.data.final && event.data.source == .reports)
                #expect(ends.updateValue(event.data, forKey: event.data.messageUUID) == nil)
            }
            for message in world.simulator.messages {
                let end = try #require(ends[message.messageUUID])
                let isRejected = message.to == "14155550100"
                #expect(end.status == (isRejected ? "rejected" : "delivered"))
                #expect(end.error?.errorClass == (isRejected ? .unknown : nil))
                #expect(end.certainty == (isRejected ? .unknown : nil))
                #expect(end.usage == Usage(currency: "EUR", price: "0.0333"))
            }
            let asked = world.simulator.reportQueries.flatMap(\.ids)
            #expect(Set(asked).count == 25 && world.simulator.reportQueries.allSatisfy { $0.ids.count <= 20 })
            // 25 times 0.0333.
            let lines = [
                #"country_total{country="1",currency="EUR"}"#,
                #"sender_total{currency="EUR",sender="14155550199"}"#,
                #"campaign_total{campaign="none",currency="EUR"}"#,
            ]
            for series in lines {
                let line = "sms_bridge_usage_by_\(series) 0.8325\n"
                let isSummed = try await eventually(within: .seconds(30)) {
                    try await world.api(.GET, "/metrics").body.contains(line)
                }
                #expect(isSummed, "\(series)")
            }
            let overview = try await world.api(.GET, "/overview").body
            #expect(overview.contains(#""currency":"EUR""#) && overview.contains(#""sum":"0.8325""#))
            #expect(overview.contains(#""overdue":0"#))
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a request without an answer is settled by the provider's record of it")
    func uncertain() async throws {
        // Its webhooks are signed with another secret, so none of them proves anything.
        let extra = ["UNCERTAIN_WAIT": "20s", "RECONCILE": "reports", "VONAGE_SIGNATURE_SECRET": "another-secret"]
        try await World.with(extra: extra) { world in
            world.simulator.setFaults([FaultRule(.dropAfter, times: 1)])
            let service = try await world.startService()
            try await world.publish(#"{"to": "14155550100", "text": "x", "on_uncertain": "fail"}"#, id: "doubt")
            #expect(try await world.nextEvent().type == "sms.outbound.uncertain")
            let accepted = try await world.nextEvent(within: .seconds(60))
            #expect(accepted.type == "sms.outbound.accepted")
            #expect(accepted.data.messageUUID == world.simulator.messages.first?.messageUUID)
            let status = try await world.nextWebhookEvent()
            #expect(status.data.source == .reports && status.data.status == "delivered")
            #expect(world.simulator.messageCount == 1)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("an account without access: the log and readiness say so, and the service stays ready")
    func noAccess() async throws {
        try await World.with(extra: ["RECEIPT_OVERDUE": "1s", "RECONCILE": "reports"]) { world in
            world.simulator.setFaults([FaultRule(.reportsStatus, status: "403"), FaultRule(.noReceipt)])
            let service = try await world.startService()
            try await publish(1, world)
            try await service.waitForOutput("receipts cannot be asked for")
            let ready = try await world.api(.GET, "/health/ready")
            #expect(ready.status == 200 && ready.body.contains("no access to Vonage's Reports API (403"))
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }
}
