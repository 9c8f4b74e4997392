import App
import Testing
import VonageSimulator

@Suite("The simulator's set-up from the service's settings")
struct SimulatorSettingsTests {
    private static let account = ["VONAGE_API_KEY": "12ab34cd", "VONAGE_API_SECRET": "hush"]
    private static let application = ["VONAGE_APPLICATION_ID": "app", "VONAGE_PRIVATE_KEY": privateKeyPEM]

    private func configuration(
        _ environment: [String: String],
        webhooks: String? = nil
    ) throws -> VonageSimulatorConfiguration {
        SimulatorSettings.configuration(from: try settings(environment), webhooks: webhooks)
    }

    @Test("takes both kinds of credentials where both are given, and each alone")
    func credentials() throws {
        let both = try configuration(Self.account.merging(Self.application) { $1 }).credentials
        #expect(both.apiKey == "12ab34cd" && both.apiSecret == "hush")
        #expect(both.applicationID == "app" && both.applicationKeyPEM?.contains("PRIVATE KEY") == true)
        let account = try configuration(Self.account).credentials
        #expect(account.apiKey == "12ab34cd" && account.apiSecret == "hush" && account.applicationKeyPEM == nil)
        let application = try configuration(Self.application).credentials
        #expect(application.apiKey == nil && application.applicationID == "app" && application.applicationKeyPEM != nil)
        let none = try configuration([:]).credentials
        #expect(none.apiKey == nil && none.applicationID == nil)
    }

    @Test(
        "signs for the given account, with the secret that holds for it",
        arguments: [
            ("plain", "12ab34cd", "plain", "12ab34cd"),
            ("plain,12ab34cd:own", "12ab34cd", "own", "12ab34cd"),
            ("other000:their,plain", "12ab34cd", "plain", "12ab34cd"),
            ("other000:their", "12ab34cd", "their", "other000"),
            ("other000:their", nil, "their", "other000"),
            ("other000:their,plain", nil, "plain", nil),
            (nil, "12ab34cd", nil, nil),
        ] as [(String?, String?, String?, String?)]
    )
    func signing(secrets: String?, apiKey: String?, secret: String?, account: String?) throws {
        // The key alone: whose account it is matters where requests are made with the application's credentials too.
        var environment = Self.application
        environment["VONAGE_SIGNATURE_SECRET"] = secrets
        environment["VONAGE_API_KEY"] = apiKey
        let configuration = try configuration(environment)
        #expect(configuration.signatureSecret == secret)
        #expect(configuration.signingAPIKey == account)
    }

    @Test(
        "adds WEBHOOK_TOKEN to the webhooks' address, unless that has a token",
        arguments: [
            ("http://h:1", "http://h:1?token=a%2Bb%20%C3%BC-._~9"),
            ("http://h:1?x=1", "http://h:1?x=1&token=a%2Bb%20%C3%BC-._~9"),
            ("http://h:1?", "http://h:1?token=a%2Bb%20%C3%BC-._~9"), ("http://h:1?token=own", "http://h:1?token=own"),
            ("http://h:1?x=1&token=", "http://h:1?x=1&token="),
        ]
    )
    func token(given: String, expected: String) throws {
        #expect(try configuration(["WEBHOOK_TOKEN": "a+b ü-._~9"], webhooks: given).webhooks == expected)
        #expect(try configuration([:], webhooks: given).webhooks == given)
        #expect(try configuration(["WEBHOOK_TOKEN": "a"]).webhooks == nil)
    }
}
