/// How to reach the broker and how long to wait for it.
package struct AMQPConfiguration: Sendable {
    /// Brokers of one cluster, tried in random order at each attempt; at least one.
    package var endpoints: [AMQPEndpoint]
    /// Name of the connection, shown by the broker's management tools and in logs.
    package var connectionName: String
    /// Product name and version sent to the broker at login.
    package var product = "sms-bridge"
    package var productVersion = "1"
    /// Requested heartbeat interval, in whole seconds, 1 s to 10 min; a dead peer is noticed within two intervals.
    ///
    /// Default 10 s.
    package var heartbeat: Duration = .seconds(10)
    /// Limit for reaching one endpoint: TCP, TLS and login.
    ///
    /// Default 10 s.
    package var connectTimeout: Duration = .seconds(10)
    /// Limit for one request to the broker.
    ///
    /// Default 10 s.
    package var callTimeout: Duration = .seconds(10)
    /// Limit for a publish, waiting for a connection included, where the caller gives none.
    ///
    /// Default 10 s.
    package var publishTimeout: Duration = .seconds(10)
    /// Publishes written and not confirmed at a time, 256 of them to one exchange; more wait.
    ///
    /// Default 1000, at least 1.
    package var publishWindow = 1000
    /// The largest body that is published, in bytes.
    ///
    /// Default 16 MiB, which is RabbitMQ 4's own limit.
    package var maxBodyBytes = 16 * 1024 * 1024
    /// Channels on which a refused publish is tried before it counts as refused, on brokers whose refusals may stick to a
    /// channel (RabbitMQ before 3.12); elsewhere a refusal is final.
    ///
    /// Default 3.
    package var publishChannelLimit = 3
    /// First and longest pause between attempts to connect, with full jitter.
    ///
    /// Default 0.5 s to 30 s.
    package var reconnectDelay: ClosedRange<Duration> = .milliseconds(500) ... .seconds(30)
    /// Limit for closing at shutdown: outstanding acks, then `connection.close`.
    ///
    /// Default 3 s.
    package var closeTimeout: Duration = .seconds(3)

    /// Creates a configuration for the given endpoints.
    package init(endpoints: [AMQPEndpoint], connectionName: String) {
        self.endpoints = endpoints
        self.connectionName = connectionName
    }

    /// Creates a configuration from comma-separated URLs; see `AMQPEndpoint.parseList`.
    ///
    /// - Throws: `AMQPError` with code `configuration`, whose message lists every problem.
    package init(urls: String, connectionName: String) throws {
        let (endpoints, problems) = AMQPEndpoint.parseList(urls)
        guard problems.isEmpty else {
            throw AMQPError(.configuration, problems.joined(separator: "; "))
        }
        self.init(endpoints: endpoints, connectionName: connectionName)
    }

    /// The heartbeat as AMQP carries it, never 0, which would switch it off on both sides.
    var heartbeatSeconds: Int32 { Int32(clamping: max(1, min(600, heartbeat.components.seconds))) }

    /// How often the connection checks its heartbeats and deadlines when nothing else wakes it.
    var pulse: Duration { min(.seconds(1), .seconds(Int(heartbeatSeconds)) / 4) }
}
