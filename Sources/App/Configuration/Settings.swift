package import AMQP
package import Contracts
internal import FoundationEssentials
package import Logging
package import SMSCore
package import Vonage

/// The whole configuration, read and checked.
///
/// A setting is blank until the table of variables (``Variable/all``) fills it in; the defaults are there.
package struct Settings: Sendable {
    package var broker = Broker()
    package var provider = Provider()
    package var sending = Sending()
    package var retry = Retry()
    package var receipts = Receipts()
    package var optOut = OptOut()
    package var destinations = Destinations()
    /// Which checks webhooks have to pass.
    package var webhooks = WebhookPolicy()
    package var http = HTTP()
    package var store = Store()
    package var log = Log()
    /// Where traces go.
    package var traces = Traces()
    /// How long the work in flight may take after SIGTERM.
    package var shutdownGrace = Duration.zero

    /// What a command needs beyond what has defaults.
    package typealias Needs = Set<Need>

    /// One thing that a command needs beyond what has defaults.
    package enum Need: Sendable {
        /// Credentials for the provider.
        case credentials
    }

    /// How to reach RabbitMQ.
    package struct Broker: Sendable {
        /// Brokers of one cluster; at least one.
        package var endpoints: [AMQPEndpoint] = []
        /// First word of every exchange and queue name.
        package var prefix = ""
        /// Whether the topology is declared, not just checked.
        package var isDeclaring = false
        /// From 1 s to 10 min.
        package var heartbeat = Duration.zero
    }

    /// How to reach Vonage.
    package struct Provider: Sendable {
        /// What credentials are made of besides ``accountKey``, as it was given.
        struct Given: Sendable {
            var accountSecret: String?
            var applicationID: String?
            var privateKeyPath: String?
            var privateKey: String?
        }

        var given = Given()
        /// What is given whole: the application's credentials, then the account's.
        package var allCredentials: [VonageCredentials] = []
        /// The account's key, also where its secret is not given.
        package var accountKey: String?
        /// The account's key and secret, where both are given: the Reports API takes nothing else.
        package var account: (apiKey: String, apiSecret: String)? {
            for case .basic(let apiKey, let apiSecret) in allCredentials { return (apiKey, apiSecret) }
            return nil
        }
        /// The sender of messages that name none.
        package var defaultSender: Sender?
        /// Scheme, host and port, without a slash at the end.
        package var apiURL = ""

        /// What requests are made with: the application's where they are given, else the account's; nil without any,
        /// then nothing can be sent.
        package var credentials: VonageCredentials? { allCredentials.first }

        /// Whether credentials and messages leave this host unencrypted.
        package var isInClear: Bool { apiURL.hasPrefix("http://") && !isOnThisHost }

        /// Whether the URL has one of this host's own names; a name that merely resolves to it is not one.
        private var isOnThisHost: Bool {
            guard let host = URL(string: apiURL)?.host()?.lowercased() else { return false }
            let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
            guard let address = IPAddress(bare) else { return bare == "localhost" || bare.hasSuffix(".localhost") }
            return CIDRBlock.loopback.contains { $0.contains(address) }
        }
    }

    /// How fast to send.
    package struct Sending: Sendable {
        /// Requests in flight at a time, from 1.
        package var concurrency = 0
        /// Limit of the whole account.
        package var rate = PaceLimit.unlimited
        /// Limits of single senders besides.
        package var senderRates = SenderLimits()
        /// When bulk messages may be sent that have no window of their own.
        package var windows = WindowRules()
        /// Limit of one request in all.
        package var timeout = Duration.zero
    }

    /// When to try again, and when to give up.
    package struct Retry: Sendable {
        /// From 1.
        package var maxAttempts = 0
        /// Waits between attempts before jitter; at least one, the last repeats.
        package var delays: [Duration] = []
        /// Counted from the first failed attempt.
        package var maxAge = Duration.zero
        /// How long an uncertain command waits for a receipt.
        package var uncertainWait = Duration.zero
    }

    /// What is done about receipts that do not come.
    package struct Receipts: Sendable {
        /// How long after its acceptance a message is overdue; zero for never.
        package var overdueAfter = Duration.zero
        package var reconciling = Reconciling.off
        /// Records a day.
        package var reconcileBudget = 0
    }

    /// Keywords of opt-out, opt-in and help, in upper case, and what is answered to them.
    package struct OptOut: Sendable {
        package var stopKeywords: [String] = []
        package var startKeywords: [String] = []
        package var helpKeywords: [String] = []
        /// Whom a STOP is for.
        package var scope = OptOutScope.sender
        package var replies = ReplyTexts()
        /// How long there is no other answer of a kind to a handset, up to 72 h.
        package var replyPause = Duration.zero
    }

    /// Where messages may go, by the first digits of the number, without `+`.
    package struct Destinations: Sendable {
        /// Empty allows all.
        package var allowedPrefixes: [String] = []
        /// Wins over what is allowed.
        package var deniedPrefixes: [String] = []
    }

    /// Where to listen, and for whom.
    package struct HTTP: Sendable {
        package var host = ""
        /// 0 takes a free port.
        package var port = 0
        /// The port by its other name; ``port`` is the same.
        var portAlias: Int?
        /// A port of the webhooks' own; nil serves them on ``port``.
        package var webhookPort: Int?
        /// Empty serves no client, or those on this host (``servesLoopback``).
        package var apiKeys: [String] = []
        /// Whether clients on this host are served where there are no keys.
        package var servesLoopback = false
        /// Limit of sending for each key or address.
        package var apiRate = PaceLimit.unlimited
        /// Networks of proxies that are trusted to name their clients: those of ``Settings/webhooks``.
        package var trustedProxies: [CIDRBlock] = []
    }

    /// Where records are kept.
    package struct Store: Sendable {
        /// Which store it is.
        package enum Location: Hashable, Sendable {
            /// A file of SQLite, for one process; its path.
            case sqlite(path: String)
            /// A database of PostgreSQL, for any number of replicas; libpq's URI, with the password.
            case postgres(uri: String)
        }

        package var location = Location.sqlite(path: "")
        /// Path of the SQLite file; empty where the store is another one.
        package var path: String {
            if case .sqlite(let path) = location { path } else { "" }
        }
        /// Whether other processes may serve the same store at the same time.
        package var isShared: Bool {
            if case .postgres = location { true } else { false }
        }
        /// How long a settled command's id is remembered, from 1 h.
        package var retention = Duration.zero
    }

    /// How long after its acceptance a message is overdue: at most nine tenths of the time that its record is kept; zero
    /// for never.
    package var overdueAfter: Duration { min(receipts.overdueAfter, store.retention * 9 / 10) }

    /// What to log, and how.
    package struct Log: Sendable {
        package var level = Logger.Level.info
        /// nil: text on a terminal, else JSON.
        package var format: LogFormat?
        /// Whether telephone numbers are logged unmasked.
        package var showsPersonalData = false
    }

    /// Where traces go (OpenTelemetry's own variables).
    package struct Traces: Sendable {
        /// A name and its value, as in `key=value`.
        package typealias NamedValue = (name: String, value: String)

        /// Scheme, host, port and path of the collector, without a slash at the end; nil: no traces are made.
        package var endpoint: String?
        /// Header fields for the collector, such as a key.
        package var headers: [NamedValue] = []
        /// `service.name`.
        package var serviceName = ""
        /// What else is said of where the spans are from.
        package var attributes: [NamedValue] = []

        /// Where spans are posted to.
        package var url: String? { endpoint.map { $0 + "/v1/traces" } }

        /// What every export says it is from; the name of the service has its own variable.
        package var resource: [String: String] {
            var resource = Dictionary(attributes.map { ($0.name, $0.value) }) { $1 }
            resource["service.name"] = serviceName
            return resource
        }
    }
}

/// Whether the provider is asked for receipts that have not come.
package enum Reconciling: String, Hashable, Sendable, CaseIterable {
    case off
    /// Vonage's Reports API is asked.
    case reports
}

/// What log lines look like.
package enum LogFormat: String, Hashable, Sendable, CaseIterable {
    /// One JSON object a line.
    case json
    /// For people.
    case text
}
