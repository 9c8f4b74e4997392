/// Every variable that configures the service (CONTRACT 6): the table that the code reads from.
///
/// The raw value is the name, in the environment, in `.env` and in the YAML file alike.
package enum Variable: String, Hashable, Sendable, CaseIterable {
    case amqpURL = "AMQP_URL"
    case amqpPrefix = "AMQP_PREFIX"
    case amqpDeclare = "AMQP_DECLARE"
    case amqpHeartbeat = "AMQP_HEARTBEAT"

    case vonageAPIKey = "VONAGE_API_KEY"
    case vonageAPISecret = "VONAGE_API_SECRET"
    case vonageApplicationID = "VONAGE_APPLICATION_ID"
    case vonagePrivateKeyPath = "VONAGE_PRIVATE_KEY_PATH"
    case vonagePrivateKey = "VONAGE_PRIVATE_KEY"
    case vonageNumber = "VONAGE_NUMBER"
    case vonageAPIURL = "VONAGE_API_URL"

    case sendConcurrency = "SEND_CONCURRENCY"
    case sendRate = "SEND_RATE"
    case sendRates = "SEND_RATES"
    case sendTimeout = "SEND_TIMEOUT"
    case retryMaxAttempts = "RETRY_MAX_ATTEMPTS"
    case retryDelays = "RETRY_DELAYS"
    case retryMaxAge = "RETRY_MAX_AGE"
    case uncertainWait = "UNCERTAIN_WAIT"

    case optOutKeywords = "OPT_OUT_KEYWORDS"
    case optInKeywords = "OPT_IN_KEYWORDS"
    case allowedPrefixes = "ALLOWED_PREFIXES"
    case deniedPrefixes = "DENIED_PREFIXES"

    case vonageSignatureSecret = "VONAGE_SIGNATURE_SECRET"
    case vonageSignatureMethod = "VONAGE_SIGNATURE_METHOD"
    case webhookMaxAge = "WEBHOOK_MAX_AGE"
    case webhookToken = "WEBHOOK_TOKEN"
    case webhookAllowedIPs = "WEBHOOK_ALLOWED_IPS"
    case httpTrustedProxies = "HTTP_TRUSTED_PROXIES"

    case httpHost = "HTTP_HOST"
    case port = "PORT"
    case httpPort = "HTTP_PORT"
    case webhookPort = "WEBHOOK_PORT"
    case apiKeys = "API_KEYS"
    case apiLoopback = "API_LOOPBACK"
    case apiRateLimit = "API_RATE_LIMIT"

    case storeURL = "STORE_URL"
    case recordRetention = "RECORD_RETENTION"

    case logLevel = "LOG_LEVEL"
    case logFormat = "LOG_FORMAT"
    case logPII = "LOG_PII"
    case shutdownGrace = "SHUTDOWN_GRACE"

    /// The name as users write it.
    package var name: String { rawValue }

    /// The name of the variable that gives a secret by the path of a file; nil for what is no secret.
    package var fileName: String? {
        switch entry.secrecy {
        case .open, .secretFreeURL: nil
        case .passwordInURL, .secret: rawValue + "_FILE"
        }
    }

    /// How much of a value may be shown.
    package enum Secrecy: Hashable, Sendable {
        /// All of it.
        case open
        /// A URL that has no place for a secret; one that holds one all the same is not shown whole.
        case secretFreeURL
        /// All but the password inside a URL.
        case passwordInURL
        /// Nothing.
        case secret
    }

    /// Headings for documents, in their order.
    package enum Section: String, Hashable, Sendable, CaseIterable {
        case broker = "RabbitMQ"
        case provider = "Vonage"
        case sending = "Sending and retrying"
        case recipients = "Recipients"
        case webhooks = "Webhooks"
        case http = "HTTP"
        case store = "Store"
        case process = "Logs and process"
    }

    /// A row of the table.
    package struct Entry: Hashable, Sendable {
        package let section: Section
        package let secrecy: Secrecy
        /// The default as users would write it; nil where there is none.
        package let defaultText: String?
        /// A valid value, made up where it is a secret.
        package let example: String
        /// What it is, in a line.
        package let summary: String
    }
}
