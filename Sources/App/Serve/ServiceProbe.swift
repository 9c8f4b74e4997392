import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Asks a service that runs on this host how it is; for health checks of containers, which have no HTTP client.
package struct ServiceProbe: Sendable {
    /// What is asked for.
    package enum Question: String, Sendable {
        /// Whether it carries commands out.
        case ready
        /// Whether it can keep webhooks.
        case webhooks
    }

    /// What it answered.
    package struct Answer: Sendable {
        package let isHealthy: Bool
        /// Whether there was an answer at all.
        package let isAnswered: Bool
        /// The service's own words, or why there are none.
        package let detail: String
    }

    private let http: Settings.HTTP

    /// A probe of the service with these settings.
    package init(_ http: Settings.HTTP) {
        self.http = http
    }

    /// Asks, within three seconds.
    package func ask(_ question: Question) async -> Answer {
        do {
            let response = try await HTTPClient.shared.execute(request(for: question), timeout: .seconds(3))
            let body = try await response.body.collect(upTo: 64 * 1_024)
            return Answer(isHealthy: response.status.code == 200, isAnswered: true, detail: String(buffer: body))
        } catch {
            return Answer(isHealthy: false, isAnswered: false, detail: "no answer at \(authority): \(error)")
        }
    }

    /// The request; with a key where the service listens on no address of loopback, since it then gives reasons only
    /// to clients with a key.
    func request(for question: Question) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: "http://\(authority)/health/\(question.rawValue)")
        if !["127.0.0.1", "[::1]", "localhost"].contains(host), let key = http.apiKeys.first {
            request.headers.add(name: "Authorization", value: "Bearer \(key)")
        }
        return request
    }

    /// The main port, under an address that reaches this host.
    private var authority: String { "\(host):\(http.port)" }

    private var host: String {
        switch http.host {
        case "0.0.0.0", "": "127.0.0.1"
        case "::": "[::1]"
        case let host where host.contains(":"): "[\(host)]"
        case let host: host
        }
    }
}
