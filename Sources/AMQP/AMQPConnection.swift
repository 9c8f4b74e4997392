package import Logging
internal import ServiceLifecycle

/// A connection to RabbitMQ that recovers by itself: publishing with confirms, consuming, topology.
///
/// It is an actor on a private thread, which is the only one to touch the socket. `run()` connects and keeps connected
/// until its task is cancelled or the service group shuts down; every other call waits for a connection within its own
/// deadline. Use one connection for consuming and another for publishing: a broker in alarm stops reading from
/// connections that publish, and acks must not wait behind that.
package actor AMQPConnection: Service {
    nonisolated let configuration: AMQPConfiguration
    nonisolated let logger: Logger
    nonisolated let thread: ConnectionThread
    nonisolated let board = StatusBoard()
    nonisolated let inbox: ConnectionInbox
    nonisolated let watch = CallWatch()

    /// Declared or checked on every new connection, before anything else.
    var topology: AMQPTopology
    /// Whether the topology has been in place once.
    var hasTopologyStood = false
    /// The topology is being requested again.
    var isRestoringTopology = false
    /// When the topology is requested again, where it is not in place on this connection.
    var topologyRetryAt: ContinuousClock.Instant?
    var topologySchedule = ReconnectSchedule(.seconds(1) ... .seconds(60))
    /// Exclusive queues to be held, on every new connection, before the topology.
    var locks: [String]

    var machine: ConnectionStateMachine
    var publisher: PublisherStateMachine
    var publishes: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    var consumers: [UInt64: ConsumerRecord] = [:]
    var waiters: [UInt64: Waiter] = [:]
    private var lastID: UInt64 = 0
    private var hasRun = false

    /// The connection's own state, empty while there is none.
    var raw: RawConnection?
    var channels: [UInt16: Channel] = [:]
    var numbers = ChannelNumbers(limit: 1)
    /// The channels that publishes go over at present.
    var publishChannels: [ChannelGeneration: Channel] = [:]
    var outbox = Outbox()
    var hasMoreToRead = false
    /// When acks that gather are to be written.
    var settlementsDueAt: ContinuousClock.Instant?
    /// `connection.close` was answered.
    var isCloseConfirmed = false

    /// Creates a connection that does nothing until `run()`.
    ///
    /// - Parameters:
    ///   - configuration: where and how to connect.
    ///   - topology: declared (or checked) on every new connection; nothing by default.
    ///   - locks: names of exclusive queues to hold; see `acquireExclusive`.
    ///   - logger: lost and regained connections are logged at warning and info, the rest at debug and trace.
    package init(
        configuration: AMQPConfiguration,
        topology: AMQPTopology = .empty,
        locks: [String] = [],
        logger: Logger
    ) {
        var logger = logger
        logger[amqp: .connection] = .string(configuration.connectionName)
        let thread = ConnectionThread(name: "amqp-\(configuration.connectionName)")
        self.configuration = configuration
        self.topology = topology
        self.locks = locks
        self.logger = logger
        self.thread = thread
        inbox = ConnectionInbox(thread: thread)
        machine = ConnectionStateMachine(reconnectDelay: configuration.reconnectDelay)
        publisher = PublisherStateMachine(
            window: configuration.publishWindow,
            retirement: configuration.callTimeout
        )
        thread.onTurn { [weak self] readiness in
            guard let self else { return .nothing }
            return self.assumeIsolated { $0.turn(readiness) }
        }
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe thread.asUnownedSerialExecutor()
    }

    /// Connects, and connects again whenever the connection is lost, until the task is cancelled, the service group shuts
    /// down or `shutdown()` is called.
    ///
    /// Then writes what is outstanding, closes the connection within `closeTimeout`, and returns.
    ///
    /// - Throws: `AMQPError` `closed` when it is called a second time; nothing else.
    package func run() async throws {
        guard !hasRun else { throw AMQPError(.closed, "the connection has run before") }
        hasRun = true
        // Not a child task: it has to outlive a cancellation, until the connection is closed. It is awaited below.
        let patrol = Task { [watch, logger] in await Self.patrol(watch, logger) }
        await withTaskCancellationOrGracefulShutdownHandler {
            await recoverForever()
        } onCancelOrGracefulShutdown: { [inbox] in
            inbox.requestShutdown()
        }
        patrol.cancel()
        await patrol.value
    }

    /// Makes `run()` end, and waits until it has.
    ///
    /// Returns at once when it never ran.
    package func shutdown() async {
        inbox.requestShutdown()
        guard hasRun else { return }
        _ = await wait { self.machine.status.state == .closed }
    }

    /// The present status, readable from anywhere without waiting.
    package nonisolated var status: AMQPConnectionStatus { board.status }

    /// What the connection is doing, readable from anywhere without waiting.
    package nonisolated var state: AMQPConnectionState { board.status.state }

    /// The states from now on, the present one first; ends with `closed`.
    ///
    /// A slow reader keeps the latest 64.
    package nonisolated func states() -> AsyncStream<AMQPConnectionState> { board.states() }

    /// Waits until the connection is ready: topology in place, consumers being subscribed.
    ///
    /// - Parameter limit: how long to wait.
    /// - Throws: `AMQPError` `notConnected` with the last failure beneath it; `closed`; `CancellationError`.
    package func waitUntilReady(within limit: Duration) async throws {
        try await waitUntilReady(until: .now + limit)
    }

    /// A number never given out before on this connection: for consumers, waits and channel generations.
    func nextID() -> UInt64 {
        lastID += 1
        return lastID
    }

    /// Watches calls into the library, outside the connection's thread.
    @concurrent
    private static func patrol(_ watch: CallWatch, _ logger: Logger) async {
        while !Task.isCancelled {
            if watch.interruptIfOverdue(now: .now) {
                logger.warning("A call into the AMQP library took too long; the socket was shut down")
            }
            // Ends early when cancelled, which ends the watch.
            try? await Task.sleep(for: .milliseconds(500), tolerance: .milliseconds(250))
        }
    }
}
