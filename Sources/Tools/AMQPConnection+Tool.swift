package import AMQP
package import App
package import Contracts

extension AMQPConnection {
    /// Runs a tool's body with a connection of its own, connected.
    ///
    /// - Parameters:
    ///   - tool: the tool's name, which the broker shows as part of the connection's.
    ///   - broker: where to connect.
    ///   - body: gets the connection, and the names of what is at the broker.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws; `AMQPError` when no broker is reached within 15 s.
    package static func withTool<Value>(
        _ tool: String,
        _ broker: Settings.Broker,
        _ body: (AMQPConnection, BrokerNames) async throws -> Value
    ) async throws -> Value {
        try await withConnection(.tool(tool, broker), logger: .quiet) { connection in
            try await connection.waitUntilReady(within: .seconds(15))
            return try await body(connection, BrokerNames(prefix: broker.prefix))
        }
    }
}
