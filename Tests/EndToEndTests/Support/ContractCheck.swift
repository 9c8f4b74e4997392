import AMQP
import Foundation
import NIOHTTP1
import Testing

/// Holds what the service has really said against the documents in docs/, by `scripts/validate-contracts.py`.
enum ContractCheck {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Holds the documents themselves against their standards.
    static func run(in folder: URL) async throws -> (code: Int32, output: String) {
        try await python([script], in: folder)
    }

    /// Holds what was said against the documents.
    ///
    /// - Parameters:
    ///   - kind: `events` or `responses`.
    ///   - lines: what was said, as the script wants it.
    ///   - folder: where to put them for the script.
    /// - Returns: the script's exit code and what it printed.
    /// - Throws: an expectation that failed when the script does not end.
    static func run(_ kind: String, _ lines: [Data], in folder: URL) async throws -> (code: Int32, output: String) {
        let file = folder.appending(path: "\(kind)-\(UUID().uuidString).jsonl")
        try Data(lines.joined(separator: Data("\n".utf8))).write(to: file)
        return try await python([script, kind, file.path], in: folder)
    }

    /// Whether the binary carries the documents as they stand.
    static func embedded() async throws -> (code: Int32, output: String) {
        let script = root.appending(path: "scripts/embed-contracts.sh").path
        return try await program("/bin/sh", [script, "check"], in: FileManager.default.temporaryDirectory)
    }

    private static var script: String { root.appending(path: "scripts/validate-contracts.py").path }

    /// Debian's own Python, for which the modules are installed.
    private static func python(_ arguments: [String], in folder: URL) async throws -> (code: Int32, output: String) {
        try await program("/usr/bin/python3", arguments, in: folder)
    }

    private static func program(
        _ path: String,
        _ arguments: [String],
        in folder: URL
    ) async throws -> (code: Int32, output: String) {
        let output = folder.appending(path: "contracts-" + UUID().uuidString)
        try Data().write(to: output)
        defer { try? FileManager.default.removeItem(at: output) }
        let handle = try FileHandle(forWritingTo: output)
        defer { try? handle.close() }
        let exit = ExitLatch()
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        process.terminationHandler = { exit.open($0.terminationStatus) }
        try process.run()
        let code = try #require(await exit.wait(.seconds(60)), "\(arguments) does not end")
        return (code, String(decoding: try Data(contentsOf: output), as: UTF8.self))
    }

    /// An answer over HTTP as a line for the script.
    static func line(of answer: APIAnswer, _ method: String, _ path: String) throws -> Data {
        let type = answer.headers.first(name: "content-type") ?? ""
        let isJSON = type.contains("json")
        let body: Any = isJSON ? try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) : answer.body
        return try JSONSerialization.data(
            withJSONObject: [
                "method": method, "path": path, "status": answer.status, "content_type": type, "body": body,
            ]
        )
    }

    /// A message from the broker as a line for the script.
    static func line(of delivery: AMQPDelivery) throws -> Data {
        let properties = delivery.properties
        var written: [String: Any] = [
            "headers": properties.headers.compactMapValues { value in value.plain }
        ]
        written["content_type"] = properties.contentType
        written["correlation_id"] = properties.correlationId
        written["reply_to"] = properties.replyTo
        written["message_id"] = properties.messageId
        written["timestamp"] = properties.timestamp
        written["type"] = properties.type
        written["app_id"] = properties.appId
        written["delivery_mode"] = properties.deliveryMode == .persistent ? 2 : 1
        return try JSONSerialization.data(
            withJSONObject: [
                "exchange": delivery.exchange, "routing_key": delivery.routingKey, "properties": written,
                "body": (try? JSONSerialization.jsonObject(with: Data(delivery.body)))
                    ?? String(decoding: delivery.body, as: UTF8.self),
            ]
        )
    }
}

extension AMQPValue {
    /// The value as JSON has it, where it has one.
    fileprivate var plain: Any? {
        switch self {
        case .string(let text): text
        case .int(let number): number
        default: nil
        }
    }
}
