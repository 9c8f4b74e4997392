package import Logging

extension AMQPConnection {
    /// Runs a connection for as long as `body` takes, then closes it: for commands and tests.
    ///
    /// - Parameters:
    ///   - configuration: where and how to connect.
    ///   - topology: declared (or checked) on every new connection; nothing by default.
    ///   - locks: names of exclusive queues to hold.
    ///   - logger: see `init`.
    ///   - body: begins at once, connected or not.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    package static func withConnection<Result>(
        _ configuration: AMQPConfiguration,
        topology: AMQPTopology = .empty,
        locks: [String] = [],
        logger: Logger,
        _ body: (AMQPConnection) async throws -> Result
    ) async throws -> Result {
        let connection = AMQPConnection(
            configuration: configuration,
            topology: topology,
            locks: locks,
            logger: logger
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await connection.run() }
            let outcome: Swift.Result<Result, any Error>
            do {
                outcome = .success(try await body(connection))
            } catch {
                outcome = .failure(error)
            }
            await connection.shutdown()
            try await group.waitForAll()
            return try outcome.get()
        }
    }
}
