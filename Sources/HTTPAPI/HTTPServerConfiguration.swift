package import Contracts
package import SMSCore

/// Where the server listens and what a client may cost.
package struct HTTPServerConfiguration: Sendable {
    /// What to do where the API serves no client, for the answer and for the log.
    package static let openingAdvice = "set API_KEYS, or API_LOOPBACK=true for development on this host"

    /// The address to listen on; default `0.0.0.0`.
    package var host: String
    /// The port; 0 takes any that is free; default 3000.
    package var port: Int
    /// A port of their own for the webhooks, which then are not served on ``port``; `/health/webhooks` is served on
    /// both; 0 takes any that is free; default `nil`.
    package var webhookPort: Int?
    /// What a client may cost, for each port.
    package var limits: HTTPLimits
    /// Keys of the API; default none, which serves no client, or those on this host (``servesLoopback``).
    package var apiKeys: [String]
    /// Whether clients on this host are served where there are no keys; default false.
    ///
    /// For development, never behind a proxy or a tunnel: one that forwards bytes alone looks like a client on this
    /// host.
    package var servesLoopback: Bool
    /// Networks of proxies that are trusted to name their clients; default none.
    ///
    /// Wrong keys are counted by address; so are connections, but for those of such a proxy itself.
    package var trustedProxies: [CIDRBlock]
    /// Networks of this host: some connections are kept for them, and no share limits them; default loopback.
    package var localNetworks = CIDRBlock.loopback
    /// Limit of those requests that send, for each key or address; default 100 in 15 minutes.
    package var apiRate: PaceLimit

    /// A configuration.
    ///
    /// - Parameters:
    ///   - host: the address to listen on.
    ///   - port: the port; 0 for any.
    ///   - webhookPort: the webhooks' own port; 0 for any, `nil` for none.
    ///   - limits: what a client may cost.
    ///   - apiKeys: keys of the API.
    ///   - servesLoopback: whether clients on this host are served where there are no keys.
    ///   - trustedProxies: networks of proxies that are trusted to name their clients.
    ///   - apiRate: limit of those requests that send.
    package init(
        host: String = "0.0.0.0",
        port: Int = 3000,
        webhookPort: Int? = nil,
        limits: HTTPLimits = HTTPLimits(),
        apiKeys: [String] = [],
        servesLoopback: Bool = false,
        trustedProxies: [CIDRBlock] = [],
        apiRate: PaceLimit = .limited(count: 100, per: .seconds(900), unit: .requests)
    ) {
        self.host = host
        self.port = port
        self.webhookPort = webhookPort
        self.limits = limits
        self.apiKeys = apiKeys
        self.servesLoopback = servesLoopback
        self.trustedProxies = trustedProxies
        self.apiRate = apiRate
    }
}

/// What a client may cost before it is turned away; each limit holds for one port.
package struct HTTPLimits: Sendable {
    /// Bytes of a webhook's body; default 256 KiB.
    package var webhookBodyBytes = 256 << 10
    /// Bytes of the body of a request to send; default 256 KiB, as much as a command may have.
    package var sendBodyBytes = 256 << 10
    /// Bytes of the body of a request to send a campaign; default 16 MiB.
    package var campaignBodyBytes = 16 << 20
    /// How long a request to send a campaign waits for others that are being read; default 5 s.
    package var campaignPatience: Duration = .seconds(5)
    /// Bytes of one header field, and of the request's target; default 16 KiB.
    package var headerFieldBytes = 16 << 10
    /// Bytes of all header fields of a request together; default 32 KiB.
    package var headerBytes = 32 << 10
    /// Header fields of a request; default 100.
    package var headerCount = 100
    /// How long a request may take, from its head on, where its path has no deadlines of its own; default 2 s for the
    /// body and 2.8 s for the answer.
    package var deadlines = RequestDeadlines()
    /// The same for the API; default 10 s and 15 s.
    package var apiDeadlines = RequestDeadlines(body: .seconds(10), answer: .seconds(15))
    /// The same for a request that waits for an outcome; default 10 s and 85 s, so that nothing cuts the longest wait.
    package var waitingDeadlines = RequestDeadlines(body: .seconds(10), answer: .seconds(85))
    /// The same for a stream of events, which ends by itself before; default 10 s and 10 min.
    package var followingDeadlines = RequestDeadlines(body: .seconds(10), answer: .seconds(600))
    /// How long a connection may take to send its first request's head, from its start on; default 5 s.
    package var firstHeadTimeout: Duration = .seconds(5)
    /// How long a connection may take to send (the rest of) a later request's head, from the last answer on, and the
    /// first one's where that is less; default 30 s.
    package var idleTimeout: Duration = .seconds(30)
    /// How long a connection whose last answer was given may take to read it and close; default 1 s.
    package var lingering: Duration = .seconds(1)
    /// Connections at a time, including those whose client has gone but whose work goes on; default 1,000.
    package var connections = 1000
    /// How many of them are kept for clients on this host; default 16.
    package var localConnections = 16

    /// How many of them one address may have: a quarter.
    package var connectionsPerAddress: Int { max(1, connections / 4) }

    /// The defaults.
    package init() {}
}

/// How long a request may take; both count from the moment its head was read.
package struct RequestDeadlines: Sendable {
    /// When the body has to be complete; default 2 s.
    package var body: Duration
    /// When the answer has to be written; default 2.8 s, so that it arrives within 3 s.
    package var answer: Duration

    /// Deadlines of a request.
    ///
    /// - Parameters:
    ///   - body: when the body has to be complete.
    ///   - answer: when the answer has to be written.
    package init(body: Duration = .seconds(2), answer: Duration = .milliseconds(2800)) {
        self.body = body
        self.answer = answer
    }
}
