import Contracts
import Foundation
import NIOHTTP1
import TestSupport
import Testing
import VonageSimulator

@Suite(
    "Figures and readiness of a running service",
    .enabled(if: World.brokerURL != nil),
    .timeLimit(.minutes(3))
)
struct MetricsTests {
    /// A counter or gauge with these labels, as `lane="send",outcome="accepted"`; 0 when there is none.
    private func value(_ name: String, _ labels: String = "", in text: String) -> Double {
        let key = "sms_bridge_" + name + (labels.isEmpty ? "" : "{\(labels)}")
        let line = text.split(separator: "\n").first { $0.hasPrefix(key + " ") }
        return line.flatMap { $0.split(separator: " ").last }.flatMap { Double($0) } ?? 0
    }

    /// All series of a metric together.
    private func sum(_ name: String, in text: String, where isWanted: (Substring) -> Bool = { _ in true }) -> Double {
        text.split(separator: "\n").filter { $0.hasPrefix("sms_bridge_\(name){") && isWanted($0) }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
    }

    private func metrics(_ world: World) async throws -> String {
        let answer = try await world.api(.GET, "/metrics")
        #expect(answer.status == 200)
        return answer.body
    }

    private func readiness(_ world: World) async throws -> (UInt, String) {
        let answer = try await world.api(.GET, "/health/ready")
        return (answer.status, answer.body)
    }

    private func check(
        _ world: World,
        _ arguments: String...,
        with extra: [String: String] = [:]
    ) throws -> ServiceProcess {
        try ServiceProcess(
            ["check"] + arguments,
            environment: world.environment.merging(extra) { $1 },
            directory: world.folder
        )
    }

    @Test("commands in are the outcomes and what is open; every counter is what was done")
    func addUp() async throws {
        try await World.with { world in
            let service = try await world.startService()
            world.simulator.setFaults([FaultRule(.status, to: "1415555013", status: "422")])
            for number in 0..<20 {
                try await world.publish(#"{"to": "1415555010\#(number % 10)", "text": "x"}"#, id: "ok-\(number)")
            }
            for number in 0..<5 {
                try await world.publish(#"{"to": "14155550130", "text": "x"}"#, id: "refused-\(number)", lane: .bulk)
            }
            try await world.publish(#"{"to": "nowhere", "text": "x"}"#, id: "broken")
            try await world.publish("no json", id: nil)
            _ = try await world.events(26)
            // A repeat of what is settled is published again, and is no new command.
            try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: "ok-0")
            #expect(try await world.nextEvent().id == "ok-0/accepted")
            let later = Timestamp.now + .seconds(3600)
            try await world.publish(#"{"to": "14155550101", "text": "x", "send_at": "\#(later.rfc3339)"}"#, id: "later")
            // Twenty accepted messages have two receipts each.
            for _ in 0..<40 { _ = try await world.nextWebhookEvent() }
            // Gauges are read a moment before the counters: it adds up once nothing is on its way any more.
            let addsUp = try await eventually(within: .seconds(30)) {
                let text = try await self.metrics(world)
                let outcomes = self.sum("commands_total", in: text) { !$0.contains("uncertain") }
                let open = self.sum("commands_open", in: text)
                return self.value("commands_open", #"state="pending""#, in: text) == 1
                    && self.sum("commands_received_total", in: text) == outcomes + open
            }
            #expect(addsUp, "the scheduled command is open, and the others have their outcomes")

            let text = try await metrics(world)
            #expect(sum("commands_received_total", in: text) == 28)
            #expect(value("commands_total", #"lane="send",outcome="accepted""#, in: text) == 20)
            #expect(value("commands_total", #"lane="bulk",outcome="rejected""#, in: text) == 5)
            #expect(value("commands_total", #"lane="send",outcome="invalid""#, in: text) == 2)
            #expect(value("send_attempts_total", #"result="accepted""#, in: text) == 20)
            #expect(value("send_attempts_total", #"result="refused""#, in: text) == 5)
            #expect(value("send_duration_seconds_count", in: text) == 25)
            #expect(value("receipts_total", #"status="delivered""#, in: text) == 20)
            #expect(value("webhooks_total", #"kind="status",result="published""#, in: text) == 40)
            #expect(value("retries_waiting", in: text) == 1)
            #expect(value("dead_letters", in: text) == 7)
            #expect(value("queue_messages", #"queue="\#(world.names.dead)",state="ready""#, in: text) == 7)
            #expect(value("amqp_connected", #"connection="consume""#, in: text) == 1)
            #expect(value("store_duration_seconds_count", #"operation="write""#, in: text) > 20)
            #expect(sum("build_info", in: text) == 1)
            #expect(value("ready", #"dependency="store""#, in: text) == 1)
            #expect(text.contains("\nprocess_resident_memory_bytes "))
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("refused credentials are named by readiness, figures, log and check")
    func credentials() async throws {
        try await World.with { world in
            let wrong = ["VONAGE_API_SECRET": "not-the-secret"]
            let service = try await world.startService(wrong)
            try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: "unauthorised")
            let isNamed = try await eventually(within: .seconds(30)) {
                let (status, body) = try await self.readiness(world)
                return status == 503 && body.contains("account: 401")
            }
            #expect(isNamed, "readiness does not name the cause")
            #expect(value("breaker_open", #"cause="account""#, in: try await metrics(world)) == 1)
            try await service.waitForOutput("account: 401")
            let check = try check(world, with: wrong)
            #expect(await check.waitForExit() == 69)
            #expect(check.log.contains("FAIL provider: status 401"))
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a provider that is away is named by readiness, figures, log and check")
    func provider() async throws {
        try await World.with { world in
            let closed = ["VONAGE_API_URL": "http://127.0.0.1:\(try FreePort.any())"]
            let service = try await world.startService(closed)
            for number in 0..<6 {
                try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: "away-\(number)")
            }
            let isNamed = try await eventually(within: .seconds(30)) {
                let (status, body) = try await self.readiness(world)
                return status == 503 && body.contains("sending pauses") && body.contains("provider")
            }
            #expect(isNamed, "readiness does not name the cause")
            #expect(value("breaker_open", #"cause="provider""#, in: try await metrics(world)) == 1)
            let check = try check(world, with: closed)
            #expect(await check.waitForExit() == 69)
            #expect(check.log.contains("FAIL provider: unreachable"))
            service.killNow()
            #expect(await service.waitForExit() != nil)
        }
    }

    @Test(
        "a broker that is away is named by readiness, figures, log and check",
        .enabled(if: PrivateNode.script != nil)
    )
    func broker() async throws {
        try await PrivateNode.with { broker in
            try await World.with(brokerURL: broker.url) { world in
                let service = try await world.startService()
                let isWell = try await eventually(within: .seconds(20)) { try await self.readiness(world).0 == 200 }
                #expect(isWell)
                try await broker("stop")
                let isNamed = try await eventually(within: .seconds(30)) {
                    let (status, body) = try await self.readiness(world)
                    return status == 503 && body.contains("reconnecting")
                }
                #expect(isNamed, "readiness does not name the cause")
                let text = try await metrics(world)
                #expect(text.contains(#"sms_bridge_amqp_connected{connection="consume"} 0"#))
                #expect(text.contains(#"sms_bridge_ready{dependency="broker.publish"} 0"#))
                try await service.waitForOutput(#""bridge.dependency":"broker.consume""#)
                let check = try check(world)
                #expect(await check.waitForExit() == 69)
                #expect(check.log.contains("FAIL broker"))
                service.terminate()
                #expect(await service.waitForExit() == 0)
            }
        }
    }

    @Test("a store that does not answer is named by readiness, figures, log and check, and keeps none of them waiting")
    func store() async throws {
        try await World.with { world in
            let service = try await world.startService()
            #expect(try await eventually(within: .seconds(20)) { try await self.readiness(world).0 == 200 })
            let hold = """
                import sqlite3, time
                database = sqlite3.connect("ledger.db", isolation_level=None)
                database.execute("BEGIN IMMEDIATE")
                print("held", flush=True)
                time.sleep(120)
                """
            let holder = try ServiceProcess(
                ["-c", hold],
                executable: URL(filePath: "/usr/bin/python3"),
                environment: [:],
                directory: world.folder
            )
            try await holder.waitForOutput("held")
            let (status, body) = try await readiness(world)
            #expect(status == 503)
            #expect(body.contains(#""name":"store","ok":false"#), "\(body)")
            #expect(try await metrics(world).contains(#"sms_bridge_ready{dependency="store"} 0"#))
            try await service.waitForOutput(#""bridge.dependency":"store""#)
            let check = try check(world)
            #expect(await check.waitForExit() == 69)
            #expect(check.log.contains("FAIL store"))
            holder.killNow()
            #expect(try await eventually(within: .seconds(30)) { try await self.readiness(world).0 == 200 })
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("check --ready and --webhooks ask the service that runs")
    func probe() async throws {
        try await World.with { world in
            let service = try await world.startService()
            for question in ["--ready", "--webhooks"] {
                let check = try check(world, question)
                #expect(await check.waitForExit() == 0, "\(check.log)")
            }
            service.terminate()
            #expect(await service.waitForExit() == 0)
            let check = try check(world, "--ready")
            #expect(await check.waitForExit() == 69)
            #expect(check.log.contains("no answer"))
        }
    }
}
