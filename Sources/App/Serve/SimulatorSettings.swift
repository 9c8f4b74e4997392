import Contracts
import SMSCore
import Vonage
package import VonageSimulator

/// The simulator's set-up, from the same settings as the service's.
package enum SimulatorSettings {
    /// A simulator that takes both kinds of the service's credentials, where both are given, and signs with its secret for
    /// its account.
    ///
    /// - Parameters:
    ///   - settings: the service's settings.
    ///   - webhooks: where webhooks go; gets `WEBHOOK_TOKEN` as its `token`, unless its query has one.
    /// - Returns: the set-up.
    package static func configuration(
        from settings: Settings,
        webhooks: String? = nil
    ) -> VonageSimulatorConfiguration {
        var configuration = VonageSimulatorConfiguration()
        for credentials in settings.provider.allCredentials {
            switch credentials {
            case .application(let id, let privateKeyPEM):
                configuration.credentials.applicationID = id
                configuration.credentials.applicationKeyPEM = privateKeyPEM
            case .basic(let apiKey, let apiSecret):
                configuration.credentials.apiKey = apiKey
                configuration.credentials.apiSecret = apiSecret
            }
        }
        let signing = settings.webhooks.secrets.signing(for: settings.provider.accountKey)
        configuration.signatureSecret = signing?.secret
        configuration.signingAPIKey = signing?.apiKey
        configuration.webhooks = webhooks.map { address($0, token: settings.webhooks.queryToken) }
        return configuration
    }

    /// The address with the token, so that the token need not stand on the command line.
    private static func address(_ webhooks: String, token: String?) -> String {
        guard let token else { return webhooks }
        let parameter = "token=" + percentEncoded(token)
        guard let question = webhooks.firstIndex(of: "?") else { return webhooks + "?" + parameter }
        let parameters = webhooks[webhooks.index(after: question)...].split(separator: "&")
        guard !parameters.contains(where: { $0 == "token" || $0.hasPrefix("token=") }) else { return webhooks }
        return webhooks + (parameters.isEmpty ? "" : "&") + parameter
    }

    /// All but letters, digits and `-._~` as `%XX` (RFC 3986 section 2.1).
    private static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch Unicode.Scalar(byte) {
            case "A"..."Z", "a"..."z", "0"..."9", "-", ".", "_", "~": String(Unicode.Scalar(byte))
            default: "%" + String(byte >> 4, radix: 16, uppercase: true) + String(byte & 15, radix: 16, uppercase: true)
            }
        }.joined()
    }

    /// Reads `50ms`, `5s` and the like.
    ///
    /// - Throws: `ConfigurationError` when it is not a duration.
    package static func duration(_ text: String) throws -> Duration {
        guard let duration = DurationText.read(text) else {
            throw problem("is not a duration such as 50ms or 5s: \(text)")
        }
        return duration
    }

    /// Reads `30/s` and the like.
    ///
    /// - Throws: `ConfigurationError` when it is not a rate of requests.
    package static func rate(_ text: String) throws -> SimulatorRateLimit {
        guard let rate = try? ValueParser<PaceLimit>.rate(allowsSegments: false).parse(text),
            case .limited(let count, let interval, _) = rate
        else { throw problem("is not a rate such as 30/s: \(text)") }
        return SimulatorRateLimit(requests: count, interval: interval)
    }

    private static func problem(_ text: String) -> ConfigurationError {
        ConfigurationError([ConfigurationProblem("simulate", text)])
    }
}
