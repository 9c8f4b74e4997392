import NIOHTTP1
import Testing

@testable import VonageSimulator

@Suite("Faults that can be dialled", .timeLimit(.minutes(3)))
struct VonageSimulatorFaultTests {
    private func put(_ rules: String, _ simulator: VonageSimulator) async throws {
        let answer = try await simulator.request(.PUT, "/simulator/faults", rules)
        try #require(answer.status == 200, "\(answer.body)")
    }

    @Test("Rules are set, shown with the times they have left, and taken away over HTTP")
    func control() async throws {
        try await withSimulator { simulator async throws in
            let rule = #"[{"fault":"status","retry_after":3,"status":503,"times":2,"to":"4477"}]"#
            try await put(rule, simulator)
            #expect(try await simulator.request(.GET, "/simulator/faults").body == rule)
            #expect(try await simulator.send().status == 503)
            #expect(try await simulator.request(.GET, "/simulator/faults").body.contains(#""times":1"#))
            #expect(try await simulator.request(.DELETE, "/simulator/faults").status == 200)
            #expect(try await simulator.request(.GET, "/simulator/faults").body == "[]")
            #expect(try await simulator.send().status == 202)
        }
    }

    @Test("Every fault has the name of the contract")
    func names() async throws {
        try await withSimulator { simulator async throws in
            let names = [
                "drop_before", "drop_after", "hang", "hang_after", "slow", "no_receipt", "duplicate_receipts",
                "reordered_receipts", "late_receipt", "fail_receipt", "unsigned_receipt",
            ]
            for name in names { try await put(#"[{"fault":"\#(name)","to":"+44","rate":0.5,"times":3}]"#, simulator) }
            try await put(
                #"[{"fault":"fail_receipt","status":"rejected","error":1240},{"fault":"slow","latency_ms":5}]"#,
                simulator
            )
            for bad in [
                #"[{"fault":"explode"}]"#, #"[{}]"#, "x", #"[{"fault":"status"}]"#, #"[{"fault":"slow","rate":2}]"#,
            ] {
                #expect(try await simulator.request(.PUT, "/simulator/faults", bad).status == 400)
            }
            #expect(simulator.faults.count == 2, "a refused list must leave the old one")
        }
    }

    @Test("status: with a problem document, a page, or nothing", arguments: [401, 402, 404, 422, 429, 500, 503])
    func status(status: Int) async throws {
        try await withSimulator { simulator async throws in
            simulator.setFaults([
                FaultRule(.status, times: 1, status: "\(status)"),
                FaultRule(.status, times: 1, status: "\(status)", body: .html),
                FaultRule(.status, times: 1, status: "\(status)", retryAfter: 9, body: .empty),
            ])
            let document = try await simulator.send()
            #expect(document.status == status && document.fields["title"] != nil && document.fields["instance"] != nil)
            #expect(document.headers.first(name: "Retry-After") == (status == 429 ? "1" : nil))
            let page = try await simulator.send()
            #expect(page.status == status && page.body.hasPrefix("<html>"))
            let empty = try await simulator.send()
            #expect(empty.status == status && empty.body.isEmpty && empty.headers.first(name: "Retry-After") == "9")
            #expect(try await simulator.send().status == 202)
            #expect(simulator.messageCount == 1 && simulator.requestCount == 4)
        }
    }

    @Test(
        "drop_before and drop_after close the connection, with nothing or something accepted",
        arguments: [FaultRule.Fault.dropBefore, .dropAfter]
    )
    func drop(fault: FaultRule.Fault) async throws {
        try await withListener { simulator, listener async throws in
            simulator.setFaults([FaultRule(fault, times: 1)])
            await #expect(throws: (any Error).self) { _ = try await simulator.send() }
            #expect(simulator.messageCount == (fault == .dropAfter ? 1 : 0))
            #expect(simulator.requests.first?.status == nil)
            #expect(simulator.requests.first?.fault == fault.rawValue)
            if fault == .dropAfter {
                #expect(await simulator.wait { $0.webhooks.count == 2 }, "what was accepted gets its receipts")
            }
        }
    }

    @Test(
        "hang and hang_after hold the connection until the client lets go",
        arguments: [FaultRule.Fault.hang, .hangAfter]
    )
    func hang(fault: FaultRule.Fault) async throws {
        try await withListener { simulator, listener async throws in
            simulator.setFaults([FaultRule(fault, times: 1)])
            let sending = Task { try await simulator.send() }
            #expect(await simulator.wait { $0.requestCount == 1 })
            #expect(simulator.messageCount == (fault == .hangAfter ? 1 : 0))
            if fault == .hangAfter { #expect(await simulator.wait { $0.webhooks.count == 2 }) }
            // Still held, and others are served meanwhile.
            #expect(try await simulator.send().status == 202)
            sending.cancel()
            await #expect(throws: (any Error).self) { _ = try await sending.value }
        }
    }

    @Test("slow answers late, and accepts at once")
    func slow() async throws {
        try await withSimulator { simulator async throws in
            simulator.setFaults([FaultRule(.slow, latencyMS: 200)])
            let begin = ContinuousClock.now
            async let answer = simulator.send()
            #expect(await simulator.wait { $0.messageCount == 1 })
            let status = try await answer.status
            #expect(status == 202)
            #expect(begin.duration(to: .now) >= .milliseconds(200))
        }
    }

    @Test("A fault holds for its recipients only")
    func prefix() async throws {
        try await withSimulator { simulator async throws in
            simulator.setFaults([FaultRule(.status, to: "1415", status: "500")])
            #expect(try await simulator.send().status == 202)
            #expect(try await simulator.send { $0["to"] = #""14155550199""# }.status == 500)
        }
    }
}
