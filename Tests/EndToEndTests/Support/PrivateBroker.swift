import Foundation
import Testing

/// A RabbitMQ node of a test's own, so that it can really be stopped; run by the script in `SMS_BRIDGE_TEST_BROKER_CTL`.
struct PrivateBroker: Sendable {
    /// Set by `make test`, as `World.brokerURL` is; without it there is no node to be had.
    static let script = ProcessInfo.processInfo.environment["SMS_BRIDGE_TEST_BROKER_CTL"]

    /// Within the directory of the suite's broker, with which `make test` removes it even when the tests are killed.
    private static var parent: URL {
        let suite = ProcessInfo.processInfo.environment["SMS_BRIDGE_RABBIT_DIR"].map { URL(filePath: $0) }
        return suite?.appending(path: "nodes") ?? FileManager.default.temporaryDirectory
    }

    private let script: String
    private let directory: URL

    /// Runs a body with a node, and removes the node with all its data whatever came of it.
    ///
    /// - Parameter body: gets the node, running, and its URL.
    /// - Throws: what the body throws; an expectation that failed when the node could not be started or removed.
    static func with(_ body: (PrivateBroker, _ url: String) async throws -> Void) async throws {
        let name = "sms-bridge-" + UUID().uuidString.lowercased().prefix(8)
        let broker = PrivateBroker(script: try #require(script), directory: parent.appending(path: name))
        let result: Result<Void, any Error>
        do {
            try await broker("start")
            let line = try await broker("env").split(separator: "\n").first { $0.contains("SMS_BRIDGE_TEST_AMQP_URL=") }
            result = .success(try await body(broker, try #require(line?.split(separator: "'").last.map(String.init))))
        } catch {
            result = .failure(error)
        }
        // A failure of this is an issue of the test by itself; what the body has thrown must not be lost over it.
        _ = try? await broker("wipe")
        try result.get()
    }

    /// Runs the script, to its end even when the task is cancelled.
    ///
    /// - Parameter arguments: such as `stop` and `start`.
    /// - Returns: what it printed.
    /// - Throws: an expectation that failed when the script says that it failed.
    @discardableResult
    func callAsFunction(_ arguments: String...) async throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: script)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["SMS_BRIDGE_RABBIT_DIR": directory.path, "SMS_BRIDGE_RABBIT_PORT": "", "SMS_BRIDGE_RABBIT_TLS": "0"]
        ) { $1 }
        let output = FileManager.default.temporaryDirectory.appending(path: directory.lastPathComponent + ".output")
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
