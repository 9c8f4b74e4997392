import App
import Testing

@Suite("The simulator's webhooks")
struct SimulatorWebhooksTests {
    @Test(
        "carry the service's token, unless their address has a query",
        arguments: [
            ("http://s:3000", nil, "http://s:3000"), ("http://s:3000", "abc-._~9", "http://s:3000?token=abc-._~9"),
            ("http://s:3000", "a b&+\u{FC}\u{1}", "http://s:3000?token=a%20b%26%2B%C3%BC%01"),
            ("http://s:3000?token=own", "abc", "http://s:3000?token=own"),
        ] as [(String, String?, String)]
    )
    func token(address: String, token: String?, expected: String) {
        #expect(SimulatorSettings.webhooks(at: address, token: token) == expected)
    }
}
