import Glibc
import Testing
import VonageSimulator

@testable import Vonage

@Suite struct ManualLoad {
    @Test(.enabled(if: getenv("LOAD") != nil)) func load() async throws {
        let gone = try await withServer { _ in
        } _: { url in
            url
        }
        for webhooks in [nil, gone] {
            try await withSimulator { $0.webhooks = webhooks } _: { simulator in
                try await withClient(simulator.url, concurrency: 64) { client in
                    let begin = ContinuousClock.now
                    let start = clock()
                    await withTaskGroup(of: Void.self) { group in
                        for index in 0..<10_000 {
                            if index >= 64 { await group.next() }
                            group.addTask { if await client.send(hello).label != "accepted" { print("!") } }
                        }
                    }
                    print("webhooks", webhooks ?? "none", begin.duration(to: .now), "cpu s", Double(clock() - start) / 1e6, simulator.messageCount)
                }
            }
        }
    }
}
