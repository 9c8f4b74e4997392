extension Variable {
    /// The variable's row of the table.
    package var entry: Entry {
        switch self {
        case .amqpURL:
            Entry(
                section: .broker,
                secrecy: .passwordInURL,
                defaultText: "amqp://guest:guest@localhost:5672/",
                example: "amqps://bridge:secret@mq1:5671/,amqps://bridge:secret@mq2:5671/",
                summary: "Brokers of one cluster, comma-separated; amqps takes ?cacertfile=&certfile=&keyfile=&verify=."
            )
        case .amqpPrefix:
            Entry(
                section: .broker,
                secrecy: .open,
                defaultText: "sms",
                example: "sms",
                summary: "First word of every exchange and queue name."
            )
        case .amqpDeclare:
            Entry(
                section: .broker,
                secrecy: .open,
                defaultText: "true",
                example: "false",
                summary: "Whether the topology is declared; false checks it passively instead."
            )
        case .amqpHeartbeat:
            Entry(
                section: .broker,
                secrecy: .open,
                defaultText: "10s",
                example: "10s",
                summary: "AMQP heartbeat, 1 s to 10 min; a dead broker is noticed within two."
            )
        case .vonageAPIKey:
            Entry(
                section: .provider,
                secrecy: .open,
                defaultText: nil,
                example: "12ab34cd",
                summary: "API key of the account; with its secret enough alone (Basic)."
            )
        case .vonageAPISecret:
            Entry(
                section: .provider,
                secrecy: .secret,
                defaultText: nil,
                example: "made-up-secret",
                summary: "API secret of the account."
            )
        case .vonageApplicationID:
            Entry(
                section: .provider,
                secrecy: .open,
                defaultText: nil,
                example: "78d335fa-323d-0114-9c3d-d6f0d48968cf",
                summary: "Id of the application; used with its private key instead of the account's key (JWT)."
            )
        case .vonagePrivateKeyPath:
            Entry(
                section: .provider,
                secrecy: .open,
                defaultText: nil,
                example: "/run/secrets/vonage.key",
                summary: "File with the application's private key (PEM)."
            )
        case .vonagePrivateKey:
            Entry(
                section: .provider,
                secrecy: .secret,
                defaultText: nil,
                example: "-----BEGIN PRIVATE KEY-----\\nMII…\\n-----END PRIVATE KEY-----",
                summary: "The private key itself (PEM); line breaks may be written as \\n."
            )
        case .vonageNumber:
            Entry(
                section: .provider,
                secrecy: .open,
                defaultText: nil,
                example: "14155550100",
                summary: "Default sender: number, short code or name; without it every command names its own."
            )
        case .vonageAPIURL:
            Entry(
                section: .provider,
                secrecy: .secretFreeURL,
                defaultText: "https://api.nexmo.com",
                example: "https://api-eu.vonage.com",
                summary: "Scheme, host and port of the API."
            )
        case .sendConcurrency:
            Entry(
                section: .sending,
                secrecy: .open,
                defaultText: "64",
                example: "64",
                summary: "Requests in flight at a time, 1 to 10000."
            )
        case .sendRate:
            Entry(
                section: .sending,
                secrecy: .open,
                defaultText: "30/s",
                example: "30seg/s",
                summary: "Limit of the whole account in requests (30/s) or segments (30seg/s); 0 is unlimited."
            )
        case .sendRates:
            Entry(
                section: .sending,
                secrecy: .open,
                defaultText: nil,
                example: "14155550100=1/s,*=10/s",
                summary: "Limits of single senders besides; * is every sender not named."
            )
        case .sendTimeout:
            Entry(
                section: .sending,
                secrecy: .open,
                defaultText: "10s",
                example: "10s",
                summary: "Limit of one request to the provider in all, 1 s to 5 min."
            )
        case .retryMaxAttempts:
            Entry(
                section: .sending,
                secrecy: .open,
                defaultText: "6",
                example: "6",
                summary: "Attempts before a command is given up, 1 to 1000."
            )
        case .retryDelays:
            Entry(
                section: .sending,
                secrecy: .open,
                defaultText: "1s,5s,30s,2m,10m",
                example: "1s,5s,30s,2m,10m",
                summary: "Waits between attempts, each with 20 % jitter; the last repeats."
            )
        case .retryMaxAge:
            Entry(
                section: .sending,
                secrecy: .open,
                defaultText: "24h",
                example: "24h",
                summary: "Age, from the first failed attempt, at which a command is given up."
            )
        case .uncertainWait:
            Entry(
                section: .sending,
                secrecy: .open,
                defaultText: "120s",
                example: "120s",
                summary: "How long an uncertain command waits for a receipt that settles it."
            )
        case .optOutKeywords:
            Entry(
                section: .recipients,
                secrecy: .open,
                defaultText: "STOP,STOPALL,STOP ALL,UNSUBSCRIBE,CANCEL,END,QUIT,REVOKE,OPTOUT,OPT OUT",
                example: "STOP,ARRET",
                summary: "Words that put a handset on the opt-out list."
            )
        case .optInKeywords:
            Entry(
                section: .recipients,
                secrecy: .open,
                defaultText: "START,UNSTOP,YES",
                example: "START",
                summary: "Words that take a handset off the opt-out list."
            )
        case .allowedPrefixes:
            Entry(
                section: .recipients,
                secrecy: .open,
                defaultText: nil,
                example: "1,44,49",
                summary: "Destinations that may be sent to, by E.164 prefix; without it all."
            )
        case .deniedPrefixes:
            Entry(
                section: .recipients,
                secrecy: .open,
                defaultText: nil,
                example: "1900,4487",
                summary: "Destinations that may not be sent to, by E.164 prefix."
            )
        case .vonageSignatureSecret:
            Entry(
                section: .webhooks,
                secrecy: .secret,
                defaultText: nil,
                example: "made-up-secret",
                summary: "Secrets that sign webhooks, comma-separated; 12ab34cd:secret is for that account only."
            )
        case .vonageSignatureMethod:
            Entry(
                section: .webhooks,
                secrecy: .open,
                defaultText: "sha256",
                example: "sha512",
                summary: "How the older SMS API signs: md5hash, md5, sha1, sha256 or sha512."
            )
        case .webhookMaxAge:
            Entry(
                section: .webhooks,
                secrecy: .open,
                defaultText: "0",
                example: "10m",
                summary: "How old a webhook's signature may be; 0 does not ask."
            )
        case .webhookToken:
            Entry(
                section: .webhooks,
                secrecy: .secret,
                defaultText: nil,
                example: "made-up-token",
                summary: "What the query parameter token of webhooks has to be."
            )
        case .webhookAllowedIPs:
            Entry(
                section: .webhooks,
                secrecy: .open,
                defaultText: nil,
                example: "192.0.2.0/24,2001:db8::/32",
                summary: "Networks that webhooks may come from (CIDR); without it all."
            )
        case .httpTrustedProxies:
            Entry(
                section: .webhooks,
                secrecy: .open,
                defaultText: nil,
                example: "10.0.0.0/8",
                summary: "Networks of proxies whose X-Forwarded-For is believed (CIDR)."
            )
        case .httpHost:
            Entry(
                section: .http,
                secrecy: .open,
                defaultText: "0.0.0.0",
                example: "127.0.0.1",
                summary: "Address to listen on."
            )
        case .port:
            Entry(
                section: .http,
                secrecy: .open,
                defaultText: "3000",
                example: "3000",
                summary: "Port of the HTTP API; 0 takes a free one."
            )
        case .httpPort:
            Entry(
                section: .http,
                secrecy: .open,
                defaultText: nil,
                example: "3000",
                summary: "The same as PORT."
            )
        case .webhookPort:
            Entry(
                section: .http,
                secrecy: .open,
                defaultText: nil,
                example: "3001",
                summary: "A port of their own for the webhooks, for exposing nothing else."
            )
        case .apiKeys:
            Entry(
                section: .http,
                secrecy: .secret,
                defaultText: nil,
                example: "made-up-key-no-01,made-up-key-no-02",
                summary: "Keys of the HTTP API, comma-separated, of 16 characters or more; without any it answers 403, "
                    + "but see API_LOOPBACK."
            )
        case .apiLoopback:
            Entry(
                section: .http,
                secrecy: .open,
                defaultText: "false",
                example: "true",
                summary: "Whether, without API_KEYS, the HTTP API serves clients on this host; for development, never "
                    + "behind a proxy or a tunnel."
            )
        case .apiRateLimit:
            Entry(
                section: .http,
                secrecy: .open,
                defaultText: "100/15m",
                example: "100/15m",
                summary: "Limit of sending by HTTP, for each key or address; 0 is unlimited."
            )
        case .storeURL:
            Entry(
                section: .store,
                secrecy: .passwordInURL,
                defaultText: "sqlite:data/sms-bridge.db",
                example: "sqlite:/var/lib/sms-bridge/sms-bridge.db",
                summary: "Where records are kept."
            )
        case .recordRetention:
            Entry(
                section: .store,
                secrecy: .open,
                defaultText: "30d",
                example: "30d",
                summary: "How long a settled command's id is remembered, 1 h and more."
            )
        case .logLevel:
            Entry(
                section: .process,
                secrecy: .open,
                defaultText: "info",
                example: "debug",
                summary: "trace, debug, info, notice, warning, error or critical."
            )
        case .logFormat:
            Entry(
                section: .process,
                secrecy: .open,
                defaultText: nil,
                example: "json",
                summary: "json or text; without it text on a terminal, else json."
            )
        case .logPII:
            Entry(
                section: .process,
                secrecy: .open,
                defaultText: "false",
                example: "false",
                summary: "Whether telephone numbers are logged unmasked."
            )
        case .shutdownGrace:
            Entry(
                section: .process,
                secrecy: .open,
                defaultText: "25s",
                example: "25s",
                summary: "How long SIGTERM lets the work in flight take."
            )
        }
    }
}
