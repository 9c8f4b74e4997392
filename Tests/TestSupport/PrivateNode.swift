import Foundation
import Testing

/// A RabbitMQ node of a test's own, so that it can really be stopped; run by the script in `SMS_BRIDGE_TEST_BROKER_CTL`.
package struct PrivateNode: Sendable {
    /// Set by `make test`, as the address of the common broker is; without it there is no node to be had.
    package static let script = ProcessInfo.processInfo.environment["SMS_BRIDGE_TEST_BROKER_CTL"]

    /// Within the directory of the suite's broker, with which `make test` removes it even when the tests are killed.
    private static var parent: URL {
        let suite = ProcessInfo.processInfo.environment["SMS_BRIDGE_RABBIT_DIR"].map { URL(filePath: $0) }
        return suite?.appending(path: "nodes") ?? FileManager.default.temporaryDirectory
    }

    /// Where it listens.
    package let url: String
    private let script: String
    private let directory: URL

    /// Runs a body with a node, and removes the node with all its data whatever came of it.
    ///
    /// - Parameter body: gets the node, running.
    /// - Throws: what the body throws; an expectation that failed when the node could not be started or removed.
    package static func with(_ body: (PrivateNode) async throws -> Void) async throws {
        let script = try #require(script)
        let directory = parent.appending(path: "sms-bridge-" + UUID().uuidString.lowercased().prefix(8))
        let result: Result<Void, any Error>
        do {
            try await run(script, directory, ["start"])
            let lines = try await run(script, directory, ["env"]).split(separator: "\n")
            let line = lines.first { $0.contains("SMS_BRIDGE_TEST_AMQP_URL=") }
            let url = try #require(line?.split(separator: "'").last.map(String.init))
            result = .success(try await body(PrivateNode(url: url, script: script, directory: directory)))
        } catch {
            result = .failure(error)
        }
        // A failure of this is an issue of the test by itself; what the body has thrown must not be lost over it.
        _ = try? await run(script, directory, ["wipe"])
        try result.get()
    }

    /// Runs the script, to its end even when the task is cancelled.
    ///
    /// - Parameter arguments: such as `stop`, `start`, `kill`, `pause` and `resume`, or `ctl` with arguments of `rabbitmqctl`.
    /// - Returns: what it printed.
    /// - Throws: an expectation that failed when the script says that it failed.
    @discardableResult
    package func callAsFunction(_ arguments: String...) async throws -> String {
        try await Self.run(script, directory, arguments)
    }

    @discardableResult
    private static func run(_ script: String, _ directory: URL, _ arguments: [String]) async throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: script)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["SMS_BRIDGE_RABBIT_DIR": directory.path, "SMS_BRIDGE_RABBIT_PORT": "", "SMS_BRIDGE_RABBIT_TLS": "0"]
        ) { $1 }
        let output = FileManager.default.temporaryDirectory.appending(path: "sms-bridge-\(UUID().uuidString).output")
        try Data().write(to: output)
        defer { try? FileManager.default.removeItem(at: output) }
        // A file, not a pipe, which the node would keep open as long as it lives.
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        // The handler is called once for a process that runs; the other way out is one that does not.
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
