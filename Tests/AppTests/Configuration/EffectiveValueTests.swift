import App
import Bridge
import Testing

@Suite("The effective values")
struct EffectiveValueTests {
    private func value(_ name: String, _ loader: SettingsLoader) -> ConfigurationValue? {
        loader.effectiveValues().first { $0.name == name }
    }

    @Test("say where each came from")
    func sources() {
        let loader = loader(["PORT": "1"], dotEnv: "SEND_RATE=2/s", yaml: "LOG_LEVEL: debug")
        #expect(value("PORT", loader) == ConfigurationValue(name: "PORT", value: "1", source: "environment"))
        #expect(value("SEND_RATE", loader) == ConfigurationValue(name: "SEND_RATE", value: "2/s", source: ".env"))
        #expect(
            value("LOG_LEVEL", loader) == ConfigurationValue(name: "LOG_LEVEL", value: "debug", source: "bridge.yaml")
        )
        #expect(
            value("SEND_TIMEOUT", loader) == ConfigurationValue(name: "SEND_TIMEOUT", value: "10s", source: "default")
        )
        #expect(value("API_KEYS", loader) == ConfigurationValue(name: "API_KEYS", value: nil, source: "not set"))
        #expect(loader.effectiveValues().map(\.name) == Variable.all.map(\.name))
    }

    @Test("show PORT by its other name")
    func alias() {
        let loader = loader(["HTTP_PORT": "8080"])
        #expect(
            value("PORT", loader) == ConfigurationValue(name: "PORT", value: "8080", source: "environment, HTTP_PORT")
        )
    }

    @Test("show what a wrong value was")
    func wrongValue() {
        #expect(value("PORT", loader(["PORT": "x"]))?.value == "x")
    }

    @Test("show no secret, wherever it is", arguments: Variable.all.filter { $0.secrecy == .secret })
    func secrets(variable: Variable) throws {
        let fileName = try #require(variable.fileName)
        let direct = loader([variable.name: "hush"])
        let byFile = loader([fileName: "/f"], files: ["/f": "hush"])
        let both = loader([variable.name: "hush", fileName: "/f"], files: ["/f": "hush"])
        #expect(value(variable.name, direct)?.value == "***")
        #expect(value(variable.name, byFile)?.source == "environment, \(fileName)=/f")
        for loader in [direct, byFile, both] {
            #expect(!loader.effectiveValues().contains { "\($0)".contains("hush") })
        }
    }

    @Test(
        "show URLs without their passwords",
        arguments: [
            ("amqp://bridge:hush@mq/", "amqp://bridge:***@mq/"), ("amqp://mq/", "amqp://mq/"),
            ("amqp://a:hush@b/,amqps://c:hush@d:1/?verify=none", "amqp://a:***@b/,amqps://c:***@d:1/?verify=none"),
            ("amqp://a:hu%40sh@b/", "amqp://a:***@b/"), ("amqp://a:h@ush@b/", "amqp://a:***@b/"),
            ("amqp://a:hush,hush@b/", "***"), ("hush", "***"), ("http://a:hush@b", "***"),
        ]
    )
    func urls(url: String, expected: String) {
        #expect(value("AMQP_URL", loader(["AMQP_URL": url]))?.value == expected)
    }

    @Test(
        "show the provider's URL without what may be a secret in it, and so does what is wrong with it",
        arguments: [
            ("https://user:hush@api.nexmo.com", "https://***@api.nexmo.com"),
            ("https://hush@api.nexmo.com/", "https://***@api.nexmo.com/"),
            ("https://api.nexmo.com?key=hush", "https://api.nexmo.com?***"),
            ("https://a:h@ush@api.nexmo.com/#hush", "https://***@api.nexmo.com/#***"),
            ("user:hush@api.nexmo.com", "***@api.nexmo.com"),
        ]
    )
    func providerURL(url: String, expected: String) throws {
        #expect(value("VONAGE_API_URL", loader(["VONAGE_API_URL": url]))?.value == expected)
        let found = problems(["VONAGE_API_URL": url])
        #expect(found.count == 1)
        #expect(found.allSatisfy { $0.contains("'\(expected)'") && !$0.contains("hush") }, "\(found)")
        #expect(value("VONAGE_API_URL", loader())?.value == "https://api.nexmo.com")
        #expect(Variable.named("VONAGE_API_URL")?.fileName == nil)
    }

    @Test(
        "know when messages leave this host unencrypted",
        arguments: [
            ("https://api.nexmo.com", false), ("http://api.nexmo.com", true), ("http://127.0.0.1:4000", false),
            ("http://127.9.9.9", false), ("http://localhost:4000", false), ("http://[::1]:4000", false),
            ("http://10.0.0.1:4000", true), ("http://simulator:4000", true), ("http://127.0.0.1.example.org", true),
        ]
    )
    func inClear(url: String, isInClear: Bool) throws {
        #expect(try settings(["VONAGE_API_URL": url]).provider.isInClear == isInClear)
    }

    @Test("show a store's URL without its password")
    func storeURL() {
        #expect(value("STORE_URL", loader(["STORE_URL": "postgres://a:hush@b/c"]))?.value == "postgres://a:***@b/c")
    }
}
