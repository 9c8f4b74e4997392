import FoundationEssentials
import NIOCore
import NIOHTTP1
import Testing

@testable import VonageSimulator

@Suite("A simulator with a journal forgets nothing, however it ends", .timeLimit(.minutes(3)))
struct SimulatorJournalTests {
    /// Runs a body with the path of a journal that does not exist yet.
    private func withJournal(_ body: (String) async throws -> Void) async throws {
        let path = "/tmp/sms-bridge-journal-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func lines(_ path: String) throws -> [String] {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    /// The messages without the attempts at their receipts, which go on meanwhile.
    private func withoutReceipts(_ list: String) -> String { list.replacing(/"receipts":\[[^\]]*\],/, with: "") }

    @Test("Messages and requests are known again, with their bodies as they were")
    func messages() async throws {
        try await withJournal { path in
            var listed = ""
            var times: [Date] = []
            try await withSimulator {
                $0.journal = path
            } _: { simulator async throws in
                simulator.setFaults([FaultRule(.status, times: 1, status: "503")])
                #expect(try await simulator.send().status == 503)
                #expect(try await simulator.send { $0["text"] = #""Grüße\n\u0000""# }.status == 202)
                simulator.setFaults([FaultRule(.dropAfter)])
                await #expect(throws: (any Error).self) {
                    try await simulator.send { $0["webhook_url"] = #""http://x""# }
                }
                listed = withoutReceipts(try await simulator.request(.GET, "/simulator/messages").body)
                times = simulator.messages.map(\.receivedAt)
            }
            try await withSimulator {
                $0.journal = path
            } _: { simulator async throws in
                let again = try await simulator.request(.GET, "/simulator/messages").body
                #expect(withoutReceipts(again) == listed)
                #expect(simulator.messages.map(\.receivedAt) == times)
                #expect(simulator.messages.last?.webhookURL == "http://x")
                #expect(simulator.messageCount == 2)
                #expect(simulator.requestCount == 3)
                #expect(simulator.requests.map(\.status) == [503, 202, nil])
                _ = try await simulator.request(.DELETE, "/simulator/messages")
            }
            try await withSimulator {
                $0.journal = path
            } _: { simulator async throws in
                #expect(simulator.messages.isEmpty)
                #expect(simulator.requestCount == 0)
            }
        }
    }

    @Test("A message is in the journal before it is answered")
    func order() async throws {
        try await withJournal { path in
            try await withSimulator {
                $0.journal = path
                $0.latency = .seconds(30)
            } _: { simulator async throws in
                // Cancelled at the end, long before its answer.
                async let _ = simulator.send(timeout: .seconds(60))
                #expect(await simulator.wait { $0.messageCount == 1 })
                let written = try lines(path)
                #expect(written.count == 1)
            }
        }
    }

    @Test("What was not answered is sent by the next one, with the same content, and nothing else")
    func receipts() async throws {
        try await withListener { _, listener async throws in
            try await withJournal { path in
                func configure(
                    _ configuration: inout VonageSimulatorConfiguration,
                    retry: Duration = .milliseconds(10)
                ) {
                    configuration.journal = path
                    configuration.webhooks = listener.url
                    configuration.webhookRetry = retry
                }
                listener.answer([200, 200, 503, 503, 503].map { .answer(SimulatorResponse(status: $0), after: .zero) })
                try await withSimulator {
                    configure(&$0, retry: .seconds(600))
                } _: { simulator async throws in
                    _ = try await simulator.send { $0["client_ref"] = #""answered""# }
                    #expect(await simulator.wait { $0.webhooks.count == 2 })
                    simulator.setFaults([FaultRule(.reorderedReceipts)])
                    _ = try await simulator.send { $0["client_ref"] = #""owed""# }
                    #expect(await simulator.wait { $0.webhooks.count == 4 })
                    simulator.receiveInbound(from: "447700900001", to: "14155550100", text: "stop")
                    #expect(await simulator.wait { $0.webhooks.count == 5 })
                }
                try await withSimulator {
                    configure(&$0)
                } _: { simulator async throws in
                    #expect(await simulator.wait { $0.webhooks.filter { $0.attempt == 1 }.count == 5 })
                }
                let (first, second) = (listener.webhooks.prefix(5).dropFirst(2), listener.webhooks.dropFirst(5))
                #expect(first.compactMap(\.fields["status"]) == ["delivered", "submitted"])
                #expect(Set(first.map(\.fields)) == Set(second.map(\.fields)))
                let again = try SimulatorHistory(readingFrom: path)
                #expect(again.debts.isEmpty)
                #expect(again.undeliveredInbound.isEmpty)
                try await withSimulator {
                    configure(&$0)
                } _: { simulator async throws in
                    _ = try await simulator.send()
                    #expect(await simulator.wait { $0.webhooks.count == 7 })
                }
                #expect(listener.webhooks.count == 10)
            }
        }
    }

    @Test("A receipt that is late stays late for what is left of its time, and a message without receipts gets none")
    func late() async throws {
        try await withListener { _, listener async throws in
            try await withJournal { path in
                try await withSimulator {
                    $0.journal = path
                    $0.webhooks = listener.url
                } _: { simulator async throws in
                    simulator.setFaults([FaultRule(.noReceipt, times: 1), FaultRule(.lateReceipt, delayMS: 1_500)])
                    _ = try await simulator.send()
                    _ = try await simulator.send()
                }
                let accepted = try #require(try SimulatorHistory(readingFrom: path).messages.last?.message)
                try await withSimulator {
                    $0.journal = path
                    $0.webhooks = listener.url
                } _: { simulator async throws in
                    #expect(await simulator.wait { $0.webhooks.count == 2 })
                    #expect((1.4...4).contains(Date().timeIntervalSince(accepted.receivedAt)))
                }
                #expect(listener.webhooks.allSatisfy { $0.fields["message_uuid"] == accepted.messageUUID })
            }
        }
    }

    @Test("A line that a killed process has left unfinished is no message, and spoils no other")
    func torn() async throws {
        try await withJournal { path in
            try await withSimulator {
                $0.journal = path
            } _: { simulator async throws in
                _ = try await simulator.send()
                _ = try await simulator.send()
            }
            let whole = try Data(contentsOf: URL(filePath: path))
            try whole.dropLast(20).write(to: URL(filePath: path))
            try await withSimulator {
                $0.journal = path
            } _: { simulator async throws in
                #expect(simulator.messages.count == 1)
                _ = try await simulator.send()
            }
            let history = try SimulatorHistory(readingFrom: path)
            #expect(history.messages.count == 2)
            #expect(history.unreadableCount == 1)
        }
    }

    @Test("What cannot be kept is not accepted")
    func unwritable() async throws {
        // Everything written to this device fails as on a full disk.
        let journal = try SimulatorJournal(path: "/dev/full")
        let simulator = try await VonageSimulator(
            configuration: VonageSimulatorConfiguration(),
            history: SimulatorHistory(),
            journal: journal,
            logger: quietLogger()
        )
        let running = Task { try await simulator.run() }
        #expect(try await simulator.send().status == 500)
        let inbound = #"{"from":"447700900001","to":"14155550100","text":"x"}"#
        #expect(try await simulator.request(.POST, "/simulator/inbound", inbound).status == 400)
        #expect(!simulator.take(SimulatedInbound(from: "447700900001", to: "14155550100", text: "x")))
        #expect(simulator.messages.isEmpty)
        running.cancel()
        try await running.value
    }

    @Test("A journal that cannot be opened ends the start")
    func unopenable() async throws {
        await #expect(throws: (any Error).self) {
            try await withSimulator {
                $0.journal = "/proc/none/journal"
            } _: { _ in
            }
        }
    }
}
