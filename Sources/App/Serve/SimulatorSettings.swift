import Contracts
import SMSCore
import Vonage
package import VonageSimulator

/// The simulator's set-up, from the same settings as the service's.
package enum SimulatorSettings {
    /// A simulator that knows the service's credentials and signs with its secret.
    package static func configuration(from settings: Settings) -> VonageSimulatorConfiguration {
        var configuration = VonageSimulatorConfiguration()
        switch settings.provider.credentials {
        case .application(let id, let privateKeyPEM):
            configuration.credentials = SimulatorCredentials(applicationID: id, applicationKeyPEM: privateKeyPEM)
        case .basic(let apiKey, let apiSecret):
            configuration.credentials = SimulatorCredentials(apiKey: apiKey, apiSecret: apiSecret)
        case nil:
            break
        }
        configuration.signatureSecret = settings.webhooks.secrets.first
        return configuration
    }

    /// Reads `50ms`, `5s` and the like.
    ///
    /// - Throws: `ConfigurationError` when it is no duration.
    package static func duration(_ text: String) throws -> Duration {
        guard let duration = DurationText.read(text) else { throw problem("is no duration, as 50ms or 5s: \(text)") }
        return duration
    }

    /// Reads `30/s` and the like.
    ///
    /// - Throws: `ConfigurationError` when it is no rate of requests.
    package static func rate(_ text: String) throws -> SimulatorRateLimit {
        guard let rate = try? ValueParser<PaceLimit>.rate(allowsSegments: false).parse(text),
            case .limited(let count, let interval, _) = rate
        else { throw problem("is no rate, as 30/s: \(text)") }
        return SimulatorRateLimit(requests: count, interval: interval)
    }

    private static func problem(_ text: String) -> ConfigurationError {
        ConfigurationError([ConfigurationProblem("simulate", text)])
    }
}
