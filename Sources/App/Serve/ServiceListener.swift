import Bridge
import HTTPAPI
import Logging

extension BridgeService {
    /// The listener for webhooks, which may be unverified, for clients of the API and for probes.
    func httpServer(
        webhooks: WebhookFlow,
        isVerifying: Bool,
        health: ServiceHealth,
        metrics: ServiceMetrics,
        api: APIParts
    ) -> HTTPServer {
        if !isVerifying {
            logger.warning(
                "webhooks are not verified: set VONAGE_SIGNATURE_SECRET, WEBHOOK_TOKEN or WEBHOOK_ALLOWED_IPS"
            )
        }
        logAccess()
        return HTTPServer(
            configuration: HTTPServerConfiguration(settings.http),
            webhooks: webhooks,
            health: health,
            api: api,
            metrics: metrics.text,
            logger: logger
        )
    }

    /// Says once who is served by the API, where that is not decided by keys alone.
    private func logAccess() {
        switch (hasKeys: !settings.http.apiKeys.isEmpty, servesLoopback: settings.http.servesLoopback) {
        case (true, false):
            break
        case (true, true):
            logger.notice("API_LOOPBACK has no effect: with API_KEYS every request to the API needs a key")
        case (false, true):
            logger.warning(
                """
                the API is served without keys to clients on this host (API_LOOPBACK): for development, never behind a \
                proxy or a tunnel
                """
            )
        case (false, false):
            logger.notice("the API answers 403 to all requests: \(HTTPServerConfiguration.openingAdvice)")
        }
    }
}

extension HTTPServerConfiguration {
    /// Where and for whom the configuration says.
    init(_ http: Settings.HTTP) {
        self.init(
            host: http.host,
            port: http.port,
            webhookPort: http.webhookPort,
            apiKeys: http.apiKeys,
            servesLoopback: http.servesLoopback,
            trustedProxies: http.trustedProxies,
            apiRate: http.apiRate
        )
    }
}
