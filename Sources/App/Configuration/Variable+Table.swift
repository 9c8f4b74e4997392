internal import SMSCore
internal import Vonage

/// The table. A row has the name, the default as users write it, the parser, and the setting that the value becomes; then
/// its line of help, and an example where the default is not a good one.
extension Variable {
    /// The rows by the headings that documents give them.
    package static let sections: [(title: String, variables: [Variable])] = [
        ("RabbitMQ", broker),
        ("Vonage", provider),
        ("Sending and retrying", sending),
        ("Recipients", recipients),
        ("Webhooks", webhooks),
        ("HTTP", http),
        ("Store", store),
        ("Logs and process", process),
        ("Traces", traces),
    ]

    private static let day = Duration.seconds(86_400)

    private static let broker: [Variable] = [
        .init("AMQP_URL", "amqp://guest:guest@localhost:5672/", .brokers, \.broker.endpoints)
            .help("Brokers of one cluster, comma-separated; amqps takes ?cacertfile=&certfile=&keyfile=&verify=.")
            .example("amqps://bridge:secret@mq1:5671/,amqps://bridge:secret@mq2:5671/", .passwordInURL),
        .init("AMQP_PREFIX", "sms", .name, \.broker.prefix)
            .help("First word of every exchange and queue name."),
        .init("AMQP_DECLARE", "true", .bool, \.broker.isDeclaring)
            .help("Whether the topology is declared; false checks it passively instead."),
        .init("AMQP_HEARTBEAT", "10s", .duration(.seconds(1), .seconds(600)), \.broker.heartbeat)
            .help("AMQP heartbeat, 1 s to 10 min; a dead broker is noticed within two."),
    ]

    private static let provider: [Variable] = [
        .init("VONAGE_API_KEY", .text, \.provider.accountKey)
            .help("API key of the account; with its secret enough alone (Basic).").example("12ab34cd"),
        .init("VONAGE_API_SECRET", .text, \.provider.given.accountSecret)
            .help("API secret of the account.").example("made-up-secret", .secret),
        .init("VONAGE_APPLICATION_ID", .text, \.provider.given.applicationID)
            .help("Id of the application; used with its private key instead of the account's key (JWT).")
            .example("78d335fa-323d-0114-9c3d-d6f0d48968cf"),
        .init("VONAGE_PRIVATE_KEY_PATH", .text, \.provider.given.privateKeyPath)
            .help("File with the application's private key (PEM).").example("/run/secrets/vonage.key"),
        .init("VONAGE_PRIVATE_KEY", .privateKey, \.provider.given.privateKey)
            .help("The private key itself (PEM); line breaks may be written as \\n.")
            .example("-----BEGIN PRIVATE KEY-----\\nMII…\\n-----END PRIVATE KEY-----", .secret),
        .init("VONAGE_NUMBER", .sender, \.provider.defaultSender)
            .help("Default sender: number, short code or name; without it every command names its own.")
            .example("14155550100"),
        .init("VONAGE_API_URL", "https://api.nexmo.com", .httpURL(withPath: false), \.provider.apiURL)
            .help("Scheme, host and port of the API.").example("https://api-eu.vonage.com", .secretFreeURL),
    ]

    private static let sending: [Variable] = [
        .init("SEND_CONCURRENCY", "64", .integer(1, 10_000), \.sending.concurrency)
            .help("Requests in flight at a time, 1 to 10000."),
        .init("SEND_RATE", "30/s", .rate(allowsSegments: true), \.sending.rate)
            .help("Limit of the whole account in requests (30/s) or segments (30seg/s); 0 is unlimited.")
            .example("30seg/s"),
        .init("SEND_RATES", .senderRates, \.sending.senderRates)
            .help("Limits of single senders besides; * is every sender not named.").example("14155550100=1/s,*=10/s"),
        .init("SEND_TIMEOUT", "10s", .duration(.seconds(1), .seconds(300)), \.sending.timeout)
            .help("Limit of one request to the provider in all, 1 s to 5 min."),
        .init("RETRY_MAX_ATTEMPTS", "6", .integer(1, 1000), \.retry.maxAttempts)
            .help("Attempts before a command is given up, 1 to 1000."),
        .init("RETRY_DELAYS", "1s,5s,30s,2m,10m", .list(of: .duration(.milliseconds(100), day)), \.retry.delays)
            .help("Waits between attempts, each with 20 % jitter; the last repeats."),
        .init("RETRY_MAX_AGE", "24h", .duration(.seconds(1)), \.retry.maxAge)
            .help("Age, from the first failed attempt, at which a command is given up."),
        .init("UNCERTAIN_WAIT", "120s", .duration(.seconds(1), day), \.retry.uncertainWait)
            .help("How long an uncertain command waits for a receipt that settles it."),
        .init("RECEIPT_OVERDUE", "72h", .duration(.zero), \.receipts.overdueAfter)
            .help(
                "When an accepted message without a final receipt is published as overdue, at most nine tenths of "
                    + "RECORD_RETENTION; 0 is never."
            ),
        .init("RECONCILE", "off", .choice, \.receipts.reconciling)
            .help(
                "off, or reports: Vonage's Reports API, which costs money by the record, is asked about messages that "
                    + "are overdue or uncertain; needs VONAGE_API_KEY and VONAGE_API_SECRET."
            ),
        .init("RECONCILE_BUDGET", "1000", .integer(1, 1_000_000_000), \.receipts.reconcileBudget)
            .help("Records that are asked for in a day (UTC) at most."),
    ]

    private static let recipients: [Variable] = [
        .init(
            "OPT_OUT_KEYWORDS",
            "STOP,STOPALL,STOP ALL,UNSUBSCRIBE,CANCEL,END,QUIT,REVOKE,OPTOUT,OPT OUT",
            .list(of: .keyword),
            \.optOut.stopKeywords
        )
        .help("Words that put a handset on the opt-out list.").example("STOP,ARRET"),
        .init("OPT_IN_KEYWORDS", "START,UNSTOP,YES", .list(of: .keyword), \.optOut.startKeywords)
            .help("Words that take a handset off the opt-out list."),
        .init("HELP_KEYWORDS", "HELP,INFO", .list(of: .keyword), \.optOut.helpKeywords)
            .help("Words that ask for help; each makes an event sms.inbound.help.").example("HELP,AIDE"),
        .init("OPT_OUT_SCOPE", "sender", .choice, \.optOut.scope)
            .help("Whom a STOP is for: sender (the number it was sent to) or all."),
        .init("OPT_OUT_REPLY", .replyText, \.optOut.replies.stop.standard)
            .help("Text of the one answer to a STOP; OPT_OUT_REPLY_14155550100 is that sender's own.")
            .example("ACME: you are unsubscribed and get no more messages. START to return."),
        .init("OPT_IN_REPLY", .replyText, \.optOut.replies.start.standard)
            .help("Text of the one answer to a START; OPT_IN_REPLY_14155550100 is that sender's own.")
            .example("ACME: welcome back. HELP for help, STOP to end."),
        .init("HELP_REPLY", .replyText, \.optOut.replies.help.standard)
            .help("Text of the one answer to a HELP; HELP_REPLY_14155550100 is that sender's own.")
            .example("ACME alerts: help at acme.example or 1 415 555 0100. STOP to end."),
        .init("REPLY_PAUSE", "1h", .duration(.seconds(1), .seconds(72 * 3600)), \.optOut.replyPause)
            .help("How long a handset gets no other answer of the same kind from the same number, 1 s to 72 h."),
        .init("SEND_WINDOWS", .sendWindows, \.sending.windows)
            .help("Hours for bulk messages by prefix, in the recipient's zone; a command's own window goes before.")
            .example("1=09:00-20:00,33=08:00-20:00 mon-sat,*=08:00-21:00"),
        .init("ALLOWED_PREFIXES", .list(of: .numberPrefix), \.destinations.allowedPrefixes)
            .help("Destinations that may be sent to, by E.164 prefix; without it all.").example("1,44,49"),
        .init("DENIED_PREFIXES", .list(of: .numberPrefix), \.destinations.deniedPrefixes)
            .help("Destinations that may not be sent to, by E.164 prefix.").example("1900,4487"),
    ]

    private static let webhooks: [Variable] = [
        .init("VONAGE_SIGNATURE_SECRET", .signatureSecrets, \.webhooks.secrets)
            .help("Secrets that sign webhooks, comma-separated; 12ab34cd:secret is for that account only.")
            .example("made-up-secret", .secret),
        .init("VONAGE_SIGNATURE_METHOD", "sha256", .choice, \.webhooks.legacySignature)
            .help("How the older SMS API signs: md5hash, md5, sha1, sha256 or sha512."),
        .init("WEBHOOK_MAX_AGE", "0", .duration(.zero), \.webhooks.maximumAge)
            .help("How old a webhook's signature may be; 0 does not ask.").example("10m"),
        .init("WEBHOOK_TOKEN", .text, \.webhooks.queryToken)
            .help("What the query parameter token of webhooks has to be.").example("made-up-token", .secret),
        .init("WEBHOOK_ALLOWED_IPS", .list(of: .network), \.webhooks.allowedNetworks)
            .help("Networks that webhooks may come from (CIDR); without it all.").example("192.0.2.0/24,2001:db8::/32"),
        .init("HTTP_TRUSTED_PROXIES", .list(of: .network), \.webhooks.trustedProxies)
            .help("Networks of proxies whose X-Forwarded-For is believed (CIDR).").example("10.0.0.0/8"),
    ]

    private static let http: [Variable] = [
        .init("HTTP_HOST", "0.0.0.0", .text, \.http.host)
            .help("Address to listen on."),
        .init("PORT", "3000", .integer(0, 65_535), \.http.port)
            .help("Port of the HTTP API; 0 takes a free one."),
        .init("HTTP_PORT", .integer(0, 65_535), \.http.portAlias)
            .help("The same as PORT.").example("3000"),
        .init("WEBHOOK_PORT", .integer(0, 65_535), \.http.webhookPort)
            .help("A port of their own for the webhooks, for exposing nothing else.").example("3001"),
        .init("API_KEYS", .list(of: .text), \.http.apiKeys)
            .help(
                "Keys of the HTTP API, comma-separated, of 16 characters or more; without any it answers "
                    + "403, but see API_LOOPBACK."
            )
            .example("made-up-key-no-01,made-up-key-no-02", .secret),
        .init("API_LOOPBACK", "false", .bool, \.http.servesLoopback)
            .help(
                "Whether, without API_KEYS, the HTTP API serves clients on this host; for development, never "
                    + "behind a proxy or a tunnel."
            ),
        .init("API_RATE_LIMIT", "100/15m", .rate(allowsSegments: false), \.http.apiRate)
            .help("Limit of sending by HTTP, for each key or address; 0 is unlimited."),
    ]

    private static let store: [Variable] = [
        .init("STORE_URL", "sqlite:data/sms-bridge.db", .storeURL, \.store.location)
            .help(
                "Where records are kept: a file (sqlite:), or PostgreSQL for several replicas "
                    + "(postgres://user:password@host/database)."
            ).example("sqlite:/var/lib/sms-bridge/sms-bridge.db", .passwordInURL),
        .init("RECORD_RETENTION", "30d", .duration(.seconds(3600)), \.store.retention)
            .help("How long a settled command's id is remembered, 1 h and more."),
    ]

    private static let process: [Variable] = [
        .init("LOG_LEVEL", "info", .choice, \.log.level)
            .help("trace, debug, info, notice, warning, error or critical."),
        .init("LOG_FORMAT", .choice, \.log.format)
            .help("json or text; without it text on a terminal, else json.").example("json"),
        .init("LOG_PII", "false", .bool, \.log.showsPersonalData)
            .help("Whether telephone numbers are logged unmasked."),
        .init("SHUTDOWN_GRACE", "25s", .duration(.zero, .seconds(3600)), \.shutdownGrace)
            .help("How long SIGTERM lets the work in flight take."),
    ]

    /// Under OpenTelemetry's names.
    private static let traces: [Variable] = [
        .init("OTEL_EXPORTER_OTLP_ENDPOINT", .httpURL(withPath: true), \.traces.endpoint)
            .help("OTLP/HTTP collector that traces go to, /v1/traces is added; without it none are made.")
            .example("http://localhost:4318", .secretFreeURL),
        .init("OTEL_EXPORTER_OTLP_HEADERS", .list(of: .namedValue), \.traces.headers)
            .help("Header fields for the collector: name=value, comma-separated.")
            .example("authorization=made-up-key", .secret),
        .init("OTEL_SERVICE_NAME", "sms-bridge", .text, \.traces.serviceName)
            .help("What traces call the service."),
        .init("OTEL_RESOURCE_ATTRIBUTES", .list(of: .namedValue), \.traces.attributes)
            .help("What traces say besides of where they are from: key=value, comma-separated.")
            .example("deployment.environment.name=production"),
    ]
}
