internal import AMQP
internal import Contracts
internal import Logging
internal import SMSCore
internal import Vonage

extension Settings {
    /// Reads every variable; problems stay with the reader.
    init(from reader: inout SettingsReader, needing needs: Needs) {
        broker = Broker(
            endpoints: reader.value(.amqpURL, .brokers),
            prefix: reader.value(.amqpPrefix, .name),
            isDeclaring: reader.value(.amqpDeclare, .bool),
            heartbeat: reader.value(.amqpHeartbeat, .duration(.seconds(1) ... .seconds(600)))
        )
        provider = Provider(
            allCredentials: Self.credentials(from: &reader, areNeeded: needs.contains(.credentials)),
            accountKey: reader.optional(.vonageAPIKey, .text),
            defaultSender: reader.optional(.vonageNumber, .sender) ?? nil,
            apiURL: reader.value(.vonageAPIURL, .serverURL)
        )
        sending = Sending(
            concurrency: reader.value(.sendConcurrency, .integer(1...10_000)),
            rate: reader.value(.sendRate, .rate(allowsSegments: true)),
            senderRates: reader.optional(.sendRates, .senderRates) ?? SenderLimits(),
            timeout: reader.value(.sendTimeout, .duration(.seconds(1) ... .seconds(300)))
        )
        retry = Retry(
            maxAttempts: reader.value(.retryMaxAttempts, .integer(1...1000)),
            delays: reader.value(.retryDelays, .list(of: .duration(.milliseconds(100) ... .seconds(86_400)))),
            maxAge: reader.value(.retryMaxAge, .duration(.seconds(1)...DurationText.limit)),
            uncertainWait: reader.value(.uncertainWait, .duration(.seconds(1) ... .seconds(86_400)))
        )
        optOut = OptOut(
            stopKeywords: reader.value(.optOutKeywords, .list(of: .keyword)),
            startKeywords: reader.value(.optInKeywords, .list(of: .keyword))
        )
        destinations = Destinations(
            allowedPrefixes: reader.optional(.allowedPrefixes, .list(of: .numberPrefix)) ?? [],
            deniedPrefixes: reader.optional(.deniedPrefixes, .list(of: .numberPrefix)) ?? []
        )
        webhooks = WebhookPolicy(
            allowedNetworks: (reader.optional(.webhookAllowedIPs, .list(of: .network)) ?? []).compactMap { $0 },
            trustedProxies: (reader.optional(.httpTrustedProxies, .list(of: .network)) ?? []).compactMap { $0 },
            queryToken: reader.optional(.webhookToken, .text),
            secrets: SignatureSecrets(reader.optional(.vonageSignatureSecret, .list(of: .text)) ?? []),
            legacySignature: reader.value(.vonageSignatureMethod, .choice(.sha256)),
            maximumAge: reader.value(.webhookMaxAge, .duration(.zero...DurationText.limit))
        )
        http = Self.http(from: &reader)
        http.trustedProxies = webhooks.trustedProxies
        store = Store(
            path: reader.value(.storeURL, .storeURL),
            retention: reader.value(.recordRetention, .duration(.seconds(3600)...DurationText.limit))
        )
        log = Log(
            level: reader.value(.logLevel, .logLevel),
            format: reader.optional(.logFormat, .choice(.json)),
            showsPersonalData: reader.value(.logPII, .bool)
        )
        shutdownGrace = reader.value(.shutdownGrace, .duration(.zero ... .seconds(3600)))
    }

    private static func http(from reader: inout SettingsReader) -> HTTP {
        let ports = 0...65_535
        let alias = reader.optional(.httpPort, .integer(ports))
        var port = reader.value(.port, .integer(ports))
        if let alias {
            if reader.isGiven(.port), port != alias {
                reader.report(.httpPort, "and PORT name different ports; keep one of them")
            }
            port = alias
        }
        let webhookPort = reader.optional(.webhookPort, .integer(ports))
        if let webhookPort, webhookPort == port, port != 0 {
            reader.report(.webhookPort, "is the port of everything else; leave it out, or name another")
        }
        return HTTP(
            host: reader.value(.httpHost, .text),
            port: port,
            webhookPort: webhookPort,
            apiKeys: apiKeys(from: &reader),
            servesLoopback: reader.value(.apiLoopback, .bool),
            apiRate: reader.value(.apiRateLimit, .rate(allowsSegments: false))
        )
    }

    /// Keys that can be guessed are none, and of two equal ones somebody believes that they are different.
    private static func apiKeys(from reader: inout SettingsReader) -> [String] {
        let keys = reader.optional(.apiKeys, .list(of: .text)) ?? []
        for (index, key) in keys.enumerated() {
            if key.count < HTTP.shortestKey {
                reader.report(
                    .apiKeys,
                    "has an entry (the \(index + 1).) of \(key.count) characters; a key has \(HTTP.shortestKey) or "
                        + "more, as openssl rand -hex 24 makes it"
                )
            }
            if let first = keys.firstIndex(of: key), first < index {
                reader.report(.apiKeys, "has the same entry twice (the \(first + 1). and the \(index + 1).)")
            }
        }
        return keys
    }
}
