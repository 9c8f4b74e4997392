package import AMQP
package import Contracts
package import Logging
package import SMSCore
package import Vonage

/// The whole configuration, read and checked.
package struct Settings: Sendable {
    package var broker: Broker
    package var provider: Provider
    package var sending: Sending
    package var retry: Retry
    package var optOut: OptOut
    package var destinations: Destinations
    /// Which checks webhooks have to pass.
    package var webhooks: WebhookPolicy
    package var http: HTTP
    package var store: Store
    package var log: Log
    /// How long the work in flight may take after SIGTERM; default 25 s.
    package var shutdownGrace: Duration

    /// What a command needs beyond what has defaults.
    package struct Needs: OptionSet, Sendable {
        package let rawValue: Int

        /// A set of needs.
        package init(rawValue: Int) {
            self.rawValue = rawValue
        }

        /// Credentials for the provider.
        package static let credentials = Needs(rawValue: 1)
    }
}

extension Settings {
    /// How to reach RabbitMQ.
    package struct Broker: Sendable {
        /// Brokers of one cluster; at least one.
        package var endpoints: [AMQPEndpoint]
        /// First word of every exchange and queue name; default `sms`.
        package var prefix: String
        /// Whether the topology is declared, not just checked; default true.
        package var isDeclaring: Bool
        /// From 1 s to 10 min; default 10 s.
        package var heartbeat: Duration
    }

    /// How to reach Vonage.
    package struct Provider: Sendable {
        /// What is given whole: the application's credentials, then the account's.
        package var allCredentials: [VonageCredentials]
        /// The account's key, also where its secret is not given.
        package var accountKey: String?
        /// Who messages come from that name no sender.
        package var defaultSender: Sender?
        /// Scheme, host and port, without a slash at the end; default `https://api.nexmo.com`.
        package var apiURL: String

        /// What requests are made with: the application's where they are given, else the account's; nil without any, then
        /// nothing can be sent.
        package var credentials: VonageCredentials? { allCredentials.first }

        /// Whether credentials and messages leave this host unencrypted.
        package var isInClear: Bool { apiURL.hasPrefix("http://") && !ServerHost.isLoopback(apiURL) }
    }

    /// How fast to send.
    package struct Sending: Sendable {
        /// Requests in flight at a time, from 1; default 64.
        package var concurrency: Int
        /// Limit of the whole account; default 30 requests a second.
        package var rate: PaceLimit
        /// Limits of single senders besides; default none.
        package var senderRates: SenderLimits
        /// Limit of one request in all; default 10 s.
        package var timeout: Duration
    }

    /// When to try again, and when to give up.
    package struct Retry: Sendable {
        /// From 1; default 6.
        package var maxAttempts: Int
        /// Waits between attempts before jitter; at least one, the last repeats.
        package var delays: [Duration]
        /// Counted from the first failed attempt; default 24 h.
        package var maxAge: Duration
        /// How long an uncertain command waits for a receipt; default 120 s.
        package var uncertainWait: Duration
    }

    /// Keywords of opt-out and opt-in, in upper case.
    package struct OptOut: Sendable {
        package var stopKeywords: [String]
        package var startKeywords: [String]
    }

    /// Where messages may go, by the first digits of the number, without `+`.
    package struct Destinations: Sendable {
        /// Empty allows all.
        package var allowedPrefixes: [String]
        /// Wins over what is allowed.
        package var deniedPrefixes: [String]
    }

    /// Where to listen, and for whom.
    package struct HTTP: Sendable {
        /// Characters that a key of the API has at least.
        static let shortestKey = 16

        /// Default `0.0.0.0`.
        package var host: String
        /// 0 takes a free port; default 3000.
        package var port: Int
        /// A port of the webhooks' own; nil serves them on ``port``.
        package var webhookPort: Int?
        /// Empty serves nobody, or clients on this host (``servesLoopback``).
        package var apiKeys: [String]
        /// Whether clients on this host are served where there are no keys; default false.
        package var servesLoopback: Bool
        /// Limit of sending for each key or address; default 100 in 15 minutes.
        package var apiRate: PaceLimit
        /// Networks of proxies that are believed whom they forward for; default none.
        package var trustedProxies: [CIDRBlock] = []
    }

    /// Where to remember.
    package struct Store: Sendable {
        /// Path of the SQLite file; default `data/sms-bridge.db`.
        package var path: String
        /// How long a settled command's id is remembered, from 1 h; default 30 d.
        package var retention: Duration
    }

    /// What to log, and how.
    package struct Log: Sendable {
        /// Default `info`.
        package var level: Logger.Level
        /// nil: text on a terminal, else JSON.
        package var format: LogFormat?
        /// Whether telephone numbers are logged unmasked; default false.
        package var showsPersonalData: Bool
    }
}

/// What log lines look like.
package enum LogFormat: String, Hashable, Sendable, CaseIterable {
    /// One JSON object a line.
    case json
    /// For people.
    case text
}
