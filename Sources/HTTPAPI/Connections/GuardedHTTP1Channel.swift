import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Hummingbird's HTTP/1.1 connection under our ``ConnectionHandler``, and no more of them than there are slots.
struct GuardedHTTP1Channel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    private let inner: HTTP1Channel
    private let limits: HTTPLimits
    private let slots: ConnectionSlots
    private let logger: Logger
    private let deadlines: @Sendable (_ target: String) -> RequestDeadlines
    private let onRefused: @Sendable () async -> Void

    /// The connections of one port.
    ///
    /// - Parameters:
    ///   - limits: what a client may cost.
    ///   - deadlines: how long a request may take, by its target.
    ///   - logger: for limits that are met.
    ///   - onRefused: told of each connection for which there was no slot.
    ///   - responder: answers requests.
    init(
        limits: HTTPLimits,
        deadlines: @escaping @Sendable (_ target: String) -> RequestDeadlines,
        logger: Logger,
        onRefused: @escaping @Sendable () async -> Void,
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        // Without Hummingbird's idle timeout, whose work the handler does: it would not see a client that is slow in
        // reading its answers.
        var configuration = HTTP1Channel.Configuration()
        configuration.httpDecoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headerFieldBytes,
            maxHeaderListSize: limits.headerBytes,
            maxHeaderFieldCount: limits.headerCount
        )
        inner = HTTP1Channel(responder: responder, configuration: configuration)
        self.limits = limits
        self.deadlines = deadlines
        self.onRefused = onRefused
        slots = ConnectionSlots(limit: limits.connections)
        self.logger = logger
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        inner.setup(channel: channel, logger: logger).flatMapThrowing {
            [limits, deadlines, logger = self.logger] value in
            let operations = channel.pipeline.syncOperations
            let handler = ConnectionHandler(
                limits: limits,
                deadlines: { deadlines($0.uri) },
                onOverdue: { logger.warning("a request was answered 503 before its work was done") }
            )
            let parser = try operations.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try operations.addHandler(handler, position: .after(parser))
            return value
        }
    }

    /// Serves a connection; its slot is free again when the client has gone and the last handler is done, so that the
    /// limit also bounds work whose client was answered before it was done.
    func handle(value: Value, logger: Logger) async {
        switch slots.take() {
        case .taken:
            await inner.handle(value: value, logger: logger)
            slots.giveBack()
        case .refused(let isNews):
            if isNews {
                self.logger.warning(
                    "connections are refused",
                    metadata: [HTTPLogKey.limit: .stringConvertible(limits.connections)]
                )
            }
            do {
                try await value.executeThenClose { _, _ in
                    try await value.channel.triggerUserOutboundEvent(RefuseConnection())
                }
            } catch {
                // The client has gone by itself.
            }
            await onRefused()
        }
    }
}
