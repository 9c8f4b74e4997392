import Foundation
import Testing

@testable import AMQP

/// A RabbitMQ node of a test's own, run by the script in `SMS_BRIDGE_TEST_BROKER_CTL`, to be stopped and broken by the
/// test.
struct PrivateNode: Sendable {
    private let script: String
    private let directory: String
    let url: String

    /// The suite's node, where the suite has the trait `privateNode`.
    @TaskLocal static var current: PrivateNode?

    /// The suite's node, running, whatever the test before did to it.
    static func ready() async throws -> PrivateNode {
        let node = try #require(current)
        try await node("start")
        try await node("resume")
        return node
    }

    /// Starts a node for the time of `body`; its data are deleted afterwards.
    static func with(_ body: (PrivateNode) async throws -> Void) async throws {
        let script = try #require(Broker.script)
        let directory = FileManager.default.temporaryDirectory.appending(path: Broker.uniqueName("sms-bridge-node"))
            .path
        try await run(script, directory, ["start"])
        let outcome: Result<Void, any Error>
        do {
            let environment = try await run(script, directory, ["env"])
            let line = environment.split(separator: "\n").first { $0.contains("SMS_BRIDGE_TEST_AMQP_URL=") }
            let url = try #require(line?.split(separator: "'").last.map(String.init))
            outcome = .success(try await body(PrivateNode(script: script, directory: directory, url: url)))
        } catch {
            outcome = .failure(error)
        }
        try await run(script, directory, ["wipe"])
        try outcome.get()
    }

    /// Runs the script: `start`, `stop`, `kill`, `pause`, `resume`, or `ctl` with arguments of `rabbitmqctl`.
    ///
    /// - Returns: what it printed.
    @discardableResult
    func callAsFunction(_ arguments: String...) async throws -> String {
        try await Self.run(script, directory, arguments)
    }

    @discardableResult
    private static func run(_ script: String, _ directory: String, _ arguments: [String]) async throws -> String {
        let output = FileManager.default.temporaryDirectory.appending(path: Broker.uniqueName("sms-bridge-output"))
        try Data().write(to: output)
        defer { try? FileManager.default.removeItem(at: output) }
        let process = Process()
        process.executableURL = URL(filePath: script)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["SMS_BRIDGE_RABBIT_DIR": directory, "SMS_BRIDGE_RABBIT_PORT": "", "SMS_BRIDGE_RABBIT_TLS": "0"]
        ) { $1 }
        // A file, not a pipe: the node inherits it, and a pipe would stay open as long as the node lives.
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
        try #require(process.terminationStatus == 0, "\(arguments): \(text)")
        return text
    }
}

/// Gives a suite a node of its own, started before its first test and removed after its last.
struct PrivateNodeTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await PrivateNode.with { node in
            try await PrivateNode.$current.withValue(node) { try await function() }
        }
    }
}

extension Trait where Self == PrivateNodeTrait {
    /// A node for this suite alone.
    static var privateNode: Self { Self() }
}
