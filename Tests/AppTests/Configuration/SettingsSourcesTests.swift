import AMQP
import App
import Contracts
import Testing
import Vonage

@Suite("The sources of the configuration")
struct SettingsSourcesTests {
    @Test("win over each other: environment, .env, YAML, default")
    func precedence() throws {
        func port(_ environment: String?, _ dotEnv: String?, _ yaml: String?) throws -> Int {
            try settings(
                environment.map { ["PORT": $0] } ?? [:],
                dotEnv: dotEnv.map { "PORT=\($0)" },
                yaml: yaml.map { "PORT: \($0)" }
            ).http.port
        }
        #expect(try port("1", "2", "3") == 1)
        #expect(try port(nil, "2", "3") == 2)
        #expect(try port(nil, nil, "3") == 3)
        #expect(try port(nil, nil, nil) == 3000)
    }

    @Test("count an empty value as not set")
    func empty() throws {
        #expect(try settings(["PORT": " "], dotEnv: "PORT=", yaml: "PORT:").http.port == 3000)
        #expect(try settings(["PORT": ""], yaml: "PORT: 7").http.port == 7)
        #expect(try settings(yaml: "API_KEYS: null\nWEBHOOK_TOKEN: ~").http.apiKeys == [])
    }

    @Test("do not let a wrong value fall through to the next source")
    func noFallThrough() {
        #expect(problems(["PORT": "x"], yaml: "PORT: 7").count == 1)
    }

    @Test("may be YAML with scalars as people write them")
    func yaml() throws {
        let text = """
            ---
            # A comment.
            PORT: 8080          # a number
            AMQP_DECLARE: no
            AMQP_PREFIX: "bridge"
            RETRY_DELAYS: 1s,5s
            VONAGE_NUMBER: +14155550100
            WEBHOOK_TOKEN: 'it''s'
            API_KEYS: |
              the-first-key-of-two
              the-other-key-of-two
            """
        let settings = try settings(yaml: text)
        #expect(settings.http.port == 8080)
        #expect(!settings.broker.isDeclaring)
        #expect(settings.broker.prefix == "bridge")
        #expect(settings.retry.delays == [.seconds(1), .seconds(5)])
        #expect(settings.provider.defaultSender?.wire == "14155550100")
        #expect(settings.webhooks.queryToken == "it's")
        #expect(settings.http.apiKeys == ["the-first-key-of-two", "the-other-key-of-two"])
    }

    @Test(
        "say what is wrong with the YAML file",
        arguments: [
            ("PROT: 1", "bridge.yaml has PROT, which is not a variable of sms-bridge"),
            ("port: 1", "bridge.yaml has port, which is not a variable of sms-bridge"),
            ("AMQP_PREFIX_FILE: x", "bridge.yaml has AMQP_PREFIX_FILE, which is not a variable of sms-bridge"),
            (
                "PORT: [1, 2]",
                "bridge.yaml has a list or a mapping for PORT; write a list as text, with commas"
            ),
            (
                "PORT:\n  a: 1",
                "bridge.yaml has a list or a mapping for PORT; write a list as text, with commas"
            ),
            ("- PORT", "bridge.yaml is not 'NAME: value' in line 1"),
            ("PORT: 1\n{}", "bridge.yaml is not valid YAML"),
            ("PORT: 1\n[a]: 2", "bridge.yaml is not 'NAME: value' in line 2"),
            ("PORT", "bridge.yaml is not 'NAME: value' in line 1"),
            ("AMQP_PREFIX: 1\nPORT: [", "bridge.yaml is not valid YAML"),
            ("PORT: 1\n--- \nPORT: 2", "bridge.yaml is not valid YAML"),
            ("API_KEYS: \"hush", "bridge.yaml is not valid YAML"),
            ("PORT: 1\nPORT: 2", "bridge.yaml is not valid YAML"),
        ]
    )
    func badYAML(text: String, expected: String) throws {
        let found = problems(yaml: text)
        #expect(found.contains { $0.hasPrefix(expected) })
        #expect(!found.contains { $0.contains("hush") })
    }

    @Test(
        "may be a YAML file with nothing in it",
        arguments: ["", "# nothing\n", "---\n", "{}\n", "---\n# nothing\n...\n"]
    )
    func emptyYAML(text: String) {
        #expect(problems(yaml: text) == [])
    }

    @Test("say what is wrong with the .env file")
    func badDotEnv() {
        #expect(problems(dotEnv: "PORT 1") == [".env line 1: is not KEY=value"])
    }

    @Test("may keep a secret in a file, whatever source names it")
    func secretFiles() throws {
        let files = [
            "/run/token": "hush\n", "/run/keys": "the-first-key-of-two\nthe-other-key-of-two\n",
            "/run/url": "amqp://u:p@broker/",
        ]
        let settings = try settings(
            ["WEBHOOK_TOKEN_FILE": "/run/token"],
            dotEnv: "API_KEYS_FILE=/run/keys",
            yaml: "AMQP_URL_FILE: /run/url",
            files: files
        )
        #expect(settings.webhooks.queryToken == "hush")
        #expect(settings.http.apiKeys == ["the-first-key-of-two", "the-other-key-of-two"])
        #expect(settings.broker.endpoints.map(\.host) == ["broker"])
    }

    @Test("refuse a secret and its file together, a file that is not there, and an empty one")
    func badSecretFiles() throws {
        let both = problems(["WEBHOOK_TOKEN": "a"], yaml: "WEBHOOK_TOKEN_FILE: /t", files: ["/t": "b"])
        #expect(
            both.map { $0.hasPrefix("WEBHOOK_TOKEN and WEBHOOK_TOKEN_FILE are both set; keep one of them") } == [true]
        )
        let missing = problems(["AMQP_URL_FILE": "/none"])
        #expect(
            missing.map { $0.hasPrefix("AMQP_URL cannot be read from the file that AMQP_URL_FILE names: /none") } == [
                true
            ]
        )
        let empty = problems(["WEBHOOK_TOKEN_FILE": "/t"], files: ["/t": " \n"])
        #expect(empty.map { $0.hasPrefix("WEBHOOK_TOKEN is empty in the file") } == [true])
    }

    @Test("never quote a secret in a problem")
    func secretsInProblems() {
        let found = problems(["VONAGE_PRIVATE_KEY": "hush", "API_KEYS": ","])
        #expect(found.count == 2)
        #expect(!found.contains { $0.contains("hush") })
    }
}
