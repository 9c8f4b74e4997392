import Foundation
import Logging
import Testing

@testable import AMQP

extension Tag {
    /// Needs a RabbitMQ node; see `scripts/rabbitmq.sh`.
    @Tag static var integration: Self
    /// Takes seconds, because it breaks things.
    @Tag static var stress: Self
}

/// The broker that `eval "$(scripts/rabbitmq.sh env)"` describes.
struct Broker: Sendable {
    /// The address of the common node, from `SMS_BRIDGE_TEST_AMQP_URL`.
    static let url = ProcessInfo.processInfo.environment["SMS_BRIDGE_TEST_AMQP_URL"]
    /// The TLS port of the common node, from `SMS_BRIDGE_TEST_AMQP_TLS_PORT`.
    static let tlsPort = ProcessInfo.processInfo.environment["SMS_BRIDGE_TEST_AMQP_TLS_PORT"]
    /// Where the certificates are, from `SMS_BRIDGE_TEST_TLS_DIR`.
    static let tlsDirectory = ProcessInfo.processInfo.environment["SMS_BRIDGE_TEST_TLS_DIR"]

    static var isConfigured: Bool { url != nil }
    static var isTLSConfigured: Bool { url != nil && tlsPort != nil && tlsDirectory != nil }

    /// Silent, or everything on standard error with `SMS_BRIDGE_TEST_LOG=1`.
    static let logger: Logger = {
        guard ProcessInfo.processInfo.environment["SMS_BRIDGE_TEST_LOG"] != nil else {
            return Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        }
        var logger = Logger(label: "test") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .trace
        return logger
    }()

    /// A configuration with short waits.
    static func configuration(_ url: String? = Broker.url, name: String = "test") throws -> AMQPConfiguration {
        var configuration = try AMQPConfiguration(urls: try #require(url), connectionName: name)
        configuration.reconnectDelay = .milliseconds(50) ... .milliseconds(500)
        return configuration
    }

    /// A unique name.
    static func uniqueName(_ prefix: String = "t") -> String {
        "\(prefix).\(String(UInt64.random(in: .min ... .max), radix: 36))"
    }
}

/// Runs a ready connection to the common node, or to another.
func withConnection(
    _ configuration: AMQPConfiguration? = nil,
    topology: AMQPTopology = .empty,
    _ body: (AMQPConnection) async throws -> Void
) async throws {
    let configuration = try configuration ?? Broker.configuration()
    try await AMQPConnection.withConnection(configuration, topology: topology, logger: Broker.logger) { connection in
        try await connection.waitUntilReady(within: .seconds(20))
        try await body(connection)
    }
}

/// A queue for the time of `body`.
func withQueue(
    _ connection: AMQPConnection,
    _ arguments: AMQPTable = [:],
    _ body: (String) async throws -> Void
) async throws {
    let name = Broker.uniqueName()
    try await connection.declare(AMQPTopology(queues: [AMQPQueue(name, arguments: arguments)]))
    let outcome: Result<Void, any Error>
    do {
        outcome = .success(try await body(name))
    } catch {
        outcome = .failure(error)
    }
    try? await connection.waitUntilReady(within: .seconds(10))
    _ = try? await connection.deleteQueue(name)
    try outcome.get()
}

/// Publishes `count` messages to a queue, 200 at a time, bodies are their numbers.
func publish(_ count: Int, to queue: String, over connection: AMQPConnection) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<count {
            if number >= 200 { try await group.next() }
            group.addTask {
                try await connection.publish(
                    AMQPMessage(body: Array("\(number)".utf8), properties: AMQPProperties(deliveryMode: .persistent)),
                    to: "",
                    routingKey: queue
                )
            }
        }
        try await group.waitForAll()
    }
}

/// Asks until the answer is yes; for what the broker only says when asked.
///
/// - Returns: whether it became so within the limit.
func eventually(within limit: Duration = .seconds(10), _ condition: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return false
}

/// Runs `body` and returns the `AMQPError` it throws.
func amqpError(
    _ body: () async throws -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws -> AMQPError {
    do {
        try await body()
    } catch let error as AMQPError {
        return error
    }
    return try #require(nil as AMQPError?, "no error was thrown", sourceLocation: sourceLocation)
}
