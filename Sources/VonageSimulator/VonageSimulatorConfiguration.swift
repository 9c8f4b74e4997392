/// How a ``VonageSimulator`` is set up.
package struct VonageSimulatorConfiguration: Sendable {
    /// The address to listen on; default `127.0.0.1`.
    package var host: String = "127.0.0.1"
    /// The port to listen on; 0, the default, takes any that is free.
    package var port: Int = 0
    /// Where webhooks go: scheme, host and port, to which `/webhooks/status` and `/webhooks/inbound` are added; a query
    /// is kept.
    ///
    /// `nil`, the default, posts none.
    package var webhooks: String?
    /// How long an answer to a request to send takes; default none.
    package var latency: Duration = .zero
    /// How many requests to send are taken; `nil`, the default, is unlimited.
    package var rateLimit: SimulatorRateLimit?
    /// Whom requests have to prove to be; by default nothing is checked.
    package var credentials = SimulatorCredentials()
    /// The secret that webhooks are signed with; `nil`, the default, sends them unsigned.
    package var signatureSecret: String?
    /// The account that signed webhooks name as `api_key`, that of the secret; `nil`, the default, names the one of the
    /// credentials, else `abcd1234`.
    package var signingAPIKey: String?
    /// How long after a failed webhook it is posted again; doubles each time, up to 15 min.
    ///
    /// Default 5 s.
    package var webhookRetry: Duration = .seconds(5)
    /// How long after the answer the first receipt goes out; default 20 ms.
    package var receiptDelay: Duration = .milliseconds(20)
    /// How many messages are remembered; the oldest are forgotten first.
    ///
    /// Default 100,000.
    package var keptMessages: Int = 100_000

    /// The file in which is written down what is accepted, before it is answered, and which webhooks were answered.
    ///
    /// A simulator that finds one goes on where the last one ended, even by SIGKILL: it knows its messages, and sends the
    /// webhooks that were not answered. `nil`, the default, forgets everything with the process.
    package var journal: String?

    /// Creates a set-up with the defaults.
    package init() {}
}

/// Whom requests have to prove to be.
///
/// Each pair is checked when it is given, and with both a request may have either; with none, nothing is checked.
package struct SimulatorCredentials: Sendable {
    /// The account's key.
    package var apiKey: String?
    /// The account's secret.
    package var apiSecret: String?
    /// The application's id.
    package var applicationID: String?
    /// The application's key in PEM: its public key, or its private one, of which only the public half is used.
    package var applicationKeyPEM: String?

    /// Creates credentials.
    ///
    /// - Parameters:
    ///   - apiKey: the account's key.
    ///   - apiSecret: the account's secret.
    ///   - applicationID: the application's id.
    ///   - applicationKeyPEM: its public or private key in PEM.
    package init(
        apiKey: String? = nil,
        apiSecret: String? = nil,
        applicationID: String? = nil,
        applicationKeyPEM: String? = nil
    ) {
        self.apiKey = apiKey
        self.apiSecret = apiSecret
        self.applicationID = applicationID
        self.applicationKeyPEM = applicationKeyPEM
    }
}

/// How many requests are taken in a time.
package struct SimulatorRateLimit: Sendable, Equatable {
    /// How many.
    package var requests: Int
    /// In which time.
    package var interval: Duration

    /// Creates a limit.
    ///
    /// - Parameters:
    ///   - requests: how many, from 1.
    ///   - interval: in which time; default a second.
    package init(requests: Int, interval: Duration = .seconds(1)) {
        self.requests = requests
        self.interval = interval
    }
}
