import AsyncHTTPClient
import NIOHTTP1
import Testing

@testable import App

@Suite("The probe of the service on this host")
struct ServiceProbeTests {
    @Test(
        "asks over loopback without a key, and under another address with one, for the reasons",
        arguments: [
            ("0.0.0.0", "127.0.0.1", false), ("127.0.0.1", "127.0.0.1", false), ("localhost", "localhost", false),
            ("::", "[::1]", false), ("::1", "[::1]", false), ("192.0.2.1", "192.0.2.1", true),
            ("2001:db8::1", "[2001:db8::1]", true),
        ]
    )
    func request(host: String, asked: String, hasKey: Bool) throws {
        let keys = ["API_KEYS": "the-first-key-of-two,the-other-key-of-two"]
        func request(_ environment: [String: String]) throws -> HTTPClientRequest {
            let settings = try settings(environment.merging(["HTTP_HOST": host, "PORT": "3001"]) { $1 })
            return ServiceProbe(settings.http).request(for: .ready)
        }
        let probe = try request(keys)
        #expect(probe.url == "http://\(asked):3001/health/ready")
        #expect(probe.headers["Authorization"] == (hasKey ? ["Bearer the-first-key-of-two"] : []))
        #expect(try request([:]).headers["Authorization"].isEmpty)
    }
}
