import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// A small HTTP server with a grip on its connections: a fault may close one in the middle, or hold it for ever.
struct SimulatorServer: Sendable {
    typealias Connection = NIOAsyncChannel<NIOHTTPServerRequestFull, SimulatorResponse>

    private let listener: NIOAsyncChannel<Connection, Never>
    private let logger: Logger

    /// The port that it listens on.
    let port: Int

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - host: the address.
    ///   - port: the port; 0 for any.
    ///   - logger: for connections that broke.
    /// - Throws: the system's error when the address cannot be bound.
    init(host: String, port: Int, logger: Logger) async throws {
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .bind(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try pipeline.addHandler(NIOHTTPServerRequestAggregator(maxContentLength: 16 << 20))
                    try pipeline.addHandler(SimulatorResponseWriter())
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        guard let bound = listener.channel.localAddress?.port else {
            throw SimulatorError("The simulator's port cannot be told.")
        }
        self.port = bound
        self.logger = logger
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameter respond: what to do about a request.
    /// - Throws: when the listening socket fails.
    func run(_ respond: @escaping @Sendable (NIOHTTPServerRequestFull) async -> SimulatorAction) async throws {
        try await listener.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    group.addTask { await serve(connection, respond) }
                }
            }
        }
    }

    /// Serves one connection until either side closes it.
    private func serve(
        _ connection: Connection,
        _ respond: @Sendable (NIOHTTPServerRequestFull) async -> SimulatorAction
    ) async {
        do {
            try await connection.executeThenClose { requests, responses in
                var requests = requests.makeAsyncIterator()
                while let request = try await requests.next() {
                    switch await respond(request) {
                    case .answer(let response, let delay):
                        if delay > .zero { try await Task.sleep(for: delay) }
                        try await responses.write(response)
                        guard request.head.isKeepAlive else { return }
                    case .close:
                        return
                    case .hang:
                        // Reading goes on, for that is how one learns that the client has gone.
                        while try await requests.next() != nil {}
                        return
                    }
                }
            }
        } catch {
            // A client that breaks its connection is what this simulator is there for.
            logger.debug("A connection broke", metadata: ["simulator.cause": "\(error)"])
        }
    }
}
