import Foundation
import Synchronization
import Testing

/// Short runs of `make attack`, whose scripts say what counts as a finding.
@Suite("An attack of some seconds", .enabled(if: World.brokerURL != nil), .timeLimit(.minutes(3)))
struct AttackTests {
    private static let key = "a-made-up-key-of-the-test"

    /// Runs an attack on the service of a world, under a fixed seed.
    private static func attack(_ script: String, _ arguments: [String], _ environment: [String: String] = [:])
        async throws -> (code: Int32?, output: String)
    {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let result = Result()
        try await World.with { world in
            let keyFile = world.folder.appending(path: "key")
            try Data(key.utf8).write(to: keyFile)
            let service = try await world.startService(["API_KEYS": key, "API_RATE_LIMIT": "0"])
            let port = try #require(world.environment["PORT"])
            let keyArguments = script == "malformed.py" ? ["--key-file", keyFile.path] : []
            let attack = try ServiceProcess(
                [
                    root.appending(path: "scripts/attack/\(script)").path, "--port", port,
                    "--pid", "\(service.processIdentifier)",
                ] + keyArguments + arguments,
                executable: URL(filePath: "/usr/bin/python3"),
                environment: environment,
                directory: world.folder
            )
            let code = await attack.waitForExit(within: .seconds(90))
            result.set(code, attack.log)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
        return result.value
    }

    @Test("with malformed HTTP is answered well-formed, and harms no other client")
    func malformed() async throws {
        let (code, output) = try await Self.attack(
            "malformed.py",
            ["--seconds", "60", "--cases", "400", "--seed", "1", "--workers", "8"]
        )
        #expect(code == 0, "\(output)")
        #expect(output.contains("400 cases"))
    }

    @Test("by slow clients delays neither health nor webhooks")
    func slow() async throws {
        let (code, output) = try await Self.attack(
            "slow.py",
            ["--seconds", "8", "--silent", "100", "--drip", "100"],
            ["VONAGE_SIGNATURE_SECRET": "signature-secret"]
        )
        #expect(code == 0, "\(output)")
        #expect(output.contains("200 at a time"))
    }
}

/// What an attack came to, handed out of the world's closure.
private final class Result: Sendable {
    private let state = Mutex<(code: Int32?, output: String)>((nil, ""))

    var value: (code: Int32?, output: String) { state.withLock { $0 } }

    func set(_ code: Int32?, _ output: String) { state.withLock { $0 = (code, output) } }
}
