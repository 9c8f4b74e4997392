import AMQP
import App
import Logging
import SMSCore
import Testing
import Vonage

@Suite("The settings without any configuration")
struct SettingsDefaultsTests {
    @Test("are those of the contract")
    func defaults() throws {
        let settings = try settings()
        #expect(settings.broker.endpoints == [AMQPEndpoint(host: "localhost")])
        #expect(settings.broker.prefix == "sms")
        #expect(settings.broker.isDeclaring)
        #expect(settings.broker.heartbeat == .seconds(10))
        #expect(settings.provider.credentials == nil)
        #expect(settings.provider.defaultSender == nil)
        #expect(settings.provider.apiURL == "https://api.nexmo.com")
        #expect(settings.sending.concurrency == 64)
        #expect(settings.sending.rate == .limited(count: 30, per: .seconds(1), unit: .requests))
        #expect(settings.sending.senderRates == SenderLimits())
        #expect(settings.sending.timeout == .seconds(10))
        #expect(settings.retry.maxAttempts == 6)
        #expect(settings.retry.delays == [.seconds(1), .seconds(5), .seconds(30), .seconds(120), .seconds(600)])
        #expect(settings.retry.maxAge == .seconds(86_400))
        #expect(settings.retry.uncertainWait == .seconds(120))
        #expect(settings.receipts.overdueAfter == .seconds(72 * 3_600))
        #expect(settings.overdueAfter == settings.receipts.overdueAfter)
        #expect(settings.receipts.reconciling == .off)
        #expect(settings.receipts.reconcileBudget == 1_000)
        #expect(settings.optOut.stopKeywords.contains("STOP"))
        #expect(settings.optOut.startKeywords.contains("START"))
        #expect(settings.destinations.allowedPrefixes == [])
        #expect(settings.destinations.deniedPrefixes == [])
        #expect(settings.webhooks.secrets.isEmpty)
        #expect(settings.webhooks.queryToken == nil)
        #expect(settings.webhooks.legacySignature == .sha256)
        #expect(settings.webhooks.maximumAge == .zero)
        #expect(settings.http.host == "0.0.0.0")
        #expect(settings.http.port == 3000)
        #expect(settings.http.webhookPort == nil)
        #expect(settings.http.apiKeys == [])
        #expect(!settings.http.servesLoopback)
        #expect(settings.http.apiRate == .limited(count: 100, per: .seconds(900), unit: .requests))
        #expect(settings.store.path == "data/sms-bridge.db")
        #expect(settings.store.retention == .seconds(30 * 86_400))
        #expect(settings.log.level == .info)
        #expect(settings.log.format == nil)
        #expect(!settings.log.showsPersonalData)
        #expect(settings.shutdownGrace == .seconds(25))
        #expect(settings.traces.endpoint == nil)
        #expect(settings.traces.resource == ["service.name": "sms-bridge"])
    }

    @Test("come from a table that names each variable of the contract")
    func table() {
        let contract = """
            AMQP_URL AMQP_PREFIX AMQP_DECLARE AMQP_HEARTBEAT VONAGE_API_KEY VONAGE_API_SECRET VONAGE_APPLICATION_ID
            VONAGE_PRIVATE_KEY_PATH VONAGE_PRIVATE_KEY VONAGE_NUMBER VONAGE_API_URL VONAGE_SIGNATURE_SECRET
            VONAGE_SIGNATURE_METHOD WEBHOOK_MAX_AGE WEBHOOK_TOKEN WEBHOOK_ALLOWED_IPS HTTP_TRUSTED_PROXIES HTTP_HOST
            PORT HTTP_PORT WEBHOOK_PORT API_KEYS API_LOOPBACK API_RATE_LIMIT STORE_URL RECORD_RETENTION
            SEND_CONCURRENCY SEND_RATE SEND_RATES SEND_TIMEOUT RETRY_MAX_ATTEMPTS RETRY_DELAYS RETRY_MAX_AGE UNCERTAIN_WAIT OPT_OUT_KEYWORDS
            OPT_IN_KEYWORDS HELP_KEYWORDS OPT_OUT_SCOPE OPT_OUT_REPLY OPT_IN_REPLY HELP_REPLY REPLY_PAUSE SEND_WINDOWS
            RECEIPT_OVERDUE RECONCILE RECONCILE_BUDGET ALLOWED_PREFIXES DENIED_PREFIXES LOG_LEVEL LOG_FORMAT LOG_PII SHUTDOWN_GRACE
            OTEL_EXPORTER_OTLP_ENDPOINT OTEL_EXPORTER_OTLP_HEADERS OTEL_SERVICE_NAME OTEL_RESOURCE_ATTRIBUTES
            """
        #expect(
            Set(Variable.all.map(\.name)) == Set(contract.split(whereSeparator: \.isWhitespace).map(String.init))
        )
    }

    @Test("come from a table whose rows are whole")
    func wholeRows() {
        #expect(Set(Variable.all.map(\.name)).count == Variable.all.count)
        #expect(Variable.all.filter { $0.summary.isEmpty || $0.example.isEmpty }.map(\.name) == [])
    }

    /// Those that may not be set together with another, or whose example is a file.
    private static let tiedExamples: Set<String> = [
        "VONAGE_API_KEY", "VONAGE_API_SECRET", "VONAGE_APPLICATION_ID", "VONAGE_PRIVATE_KEY", "VONAGE_PRIVATE_KEY_PATH",
    ]

    @Test(
        "have an example for every variable that the code accepts",
        arguments: Variable.all.filter { !Self.tiedExamples.contains($0.name) }
    )
    func examples(variable: Variable) {
        #expect(problems([variable.name: variable.example]) == [])
    }

    @Test("have examples of credentials that the code accepts")
    func credentialExamples() throws {
        func example(_ name: String) throws -> String { try #require(Variable.named(name)).example }
        let environment = [
            "VONAGE_API_KEY": try example("VONAGE_API_KEY"), "VONAGE_API_SECRET": try example("VONAGE_API_SECRET"),
        ]
        #expect(problems(environment, needing: [.credentials]) == [])
        // A whole key would look like a leaked one.
        let application = [
            "VONAGE_APPLICATION_ID": try example("VONAGE_APPLICATION_ID"),
            "VONAGE_PRIVATE_KEY": privateKeyPEM.split(separator: "\n").joined(separator: "\\n"),
        ]
        #expect(problems(application, needing: [.credentials]) == [])
    }
}
