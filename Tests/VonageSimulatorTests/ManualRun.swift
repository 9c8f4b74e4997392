import FoundationEssentials
import Glibc
import Testing

@testable import VonageSimulator

@Suite struct ManualRun {
    @Test(.enabled(if: getenv("SIM_SECONDS") != nil)) func serve() async throws {
        var configuration = VonageSimulatorConfiguration()
        configuration.port = 4999
        configuration.keptMessages = 100_000
        if let pem = getenv("SIM_PEM") {
            configuration.credentials = .init(
                apiKey: "abcd1234",
                apiSecret: "secret",
                applicationID: "app-1",
                applicationKeyPEM: String(cString: pem)
            )
        }
        let simulator = try await VonageSimulator(configuration: configuration, logger: quietLogger())
        let running = Task { try await simulator.run() }
        try await Task.sleep(for: .seconds(Int(String(cString: getenv("SIM_SECONDS"))) ?? 10))
        print("messages", simulator.messageCount, "requests", simulator.requestCount)
        running.cancel()
        try await running.value
    }
}
