import Bridge
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Hummingbird's HTTP/1.1 connection under a ``ConnectionHandler``, and no more of them than there are slots.
struct GuardedHTTP1Channel: ServerChildChannel {
    /// A connection, and what was decided about it.
    struct Value: ServerChildChannelValue {
        let http: HTTP1Channel.Value
        let taking: ConnectionSlots.Taking

        var channel: any Channel { http.channel }
    }

    private let inner: HTTP1Channel
    private let limits: HTTPLimits
    private let connections: OpenConnections
    private let source: @Sendable (any Channel) -> ConnectionSlots.Source
    private let logger: Logger
    private let refusals = RefusalLines()
    private let deadlines: @Sendable (_ target: String) -> RequestDeadlines
    private let onRefused: @Sendable () async -> Void

    /// The connections of one port.
    ///
    /// - Parameters:
    ///   - configuration: what a client may cost, and who stands for many.
    ///   - deadlines: how long a request may take, by its target.
    ///   - logger: for limits that are met.
    ///   - onRefused: called for each connection for which there was no slot.
    ///   - responder: answers requests.
    init(
        _ configuration: HTTPServerConfiguration,
        deadlines: @escaping @Sendable (_ target: String) -> RequestDeadlines,
        logger: Logger,
        onRefused: @escaping @Sendable () async -> Void,
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        limits = configuration.limits
        // Without Hummingbird's idle timeout, whose work the handler does: it would not see a client that is slow in
        // reading its answers.
        var http = HTTP1Channel.Configuration()
        http.httpDecoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headerFieldBytes,
            maxHeaderListSize: limits.headerBytes,
            maxHeaderFieldCount: limits.headerCount
        )
        inner = HTTP1Channel(responder: responder, configuration: http)
        connections = OpenConnections(
            ConnectionSlots(
                limit: limits.connections,
                share: limits.connectionsPerAddress,
                kept: limits.localConnections
            )
        )
        source = { channel in
            ConnectionSlots.Source(
                channel.remoteAddress?.ipAddress,
                localNetworks: configuration.localNetworks,
                trustedProxies: configuration.trustedProxies
            )
        }
        self.deadlines = deadlines
        self.onRefused = onRefused
        self.logger = logger
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        inner.setup(channel: channel, logger: logger).flatMapThrowing {
            [limits, connections, source, deadlines, logger = self.logger] http in
            let operations = channel.pipeline.syncOperations
            let parser = try operations.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let taking = connections.take(channel, from: source(channel))
            let handler = ConnectionHandler(
                limits: limits,
                deadlines: { deadlines($0.uri) },
                onIdle: { isIdle in
                    if case .taken(let number, _) = taking { connections.note(number, isIdle: isIdle) }
                },
                onOverdue: { logger.warning("a request was answered 503 before its work was done") }
            )
            do {
                try operations.addHandler(handler, position: .after(parser))
            } catch {
                if case .taken(let number, _) = taking { connections.giveBack(number) }
                throw error
            }
            return Value(http: http, taking: taking)
        }
    }

    /// Serves a connection; its slot is free again when the client has gone and the last handler is done, so that the
    /// limit also bounds work whose client was answered before it was done.
    func handle(value: Value, logger: Logger) async {
        switch value.taking {
        case .taken(let number, _):
            await inner.handle(value: value.http, logger: logger)
            connections.giveBack(number)
        case .refused(let isShare):
            note(isShare: isShare)
            do {
                try await value.http.executeThenClose { _, _ in
                    try await value.channel.triggerUserOutboundEvent(RefuseConnection())
                }
            } catch {
                // The client has gone by itself.
            }
            await onRefused()
        }
    }

    /// One line per minute and limit, since any client can cause them.
    private func note(isShare: Bool) {
        guard let count = refusals.take(isShare ? "share" : "all", now: .now) else { return }
        logger.warning(
            isShare ? "connections of one address are refused" : "connections are refused",
            metadata: [
                HTTPLogKey.limit: .stringConvertible(isShare ? limits.connectionsPerAddress : limits.connections),
                HTTPLogKey.unlogged: .stringConvertible(count - 1),
            ]
        )
    }
}
