import AMQP
import App
import Contracts
import SMSCore
import Testing
import Vonage

@Suite("Values of the configuration")
struct SettingsValuesTests {
    @Test(
        "are durations with a unit",
        arguments: [
            ("250ms", .milliseconds(250)), ("10s", .seconds(10)), ("2m", .seconds(120)), ("1.5h", .seconds(5400)),
            ("1d", .seconds(86_400)), ("0.5s", .milliseconds(500)), (" 3s ", .seconds(3)),
        ] as [(String, Duration)]
    )
    func durations(text: String, expected: Duration) throws {
        #expect(try settings(["RETRY_DELAYS": text]).retry.delays == [expected])
    }

    @Test(
        "are no durations otherwise",
        arguments: ["10", "-1s", "s", "1 s", "1e3s", "١s", ".5s", "1.s", "99999999999d", "1w"]
    )
    func badDurations(text: String) {
        let found = problems(["SEND_TIMEOUT": text])
        #expect(
            found == [
                "SEND_TIMEOUT '\(text)' is not a duration: a number with ms, s, m, h or d (example: SEND_TIMEOUT=10s)"
            ]
        )
    }

    @Test("are held to their bounds, which the problem names", arguments: ["0", "999ms", "301s", "1d"])
    func bounds(text: String) {
        #expect(
            problems(["SEND_TIMEOUT": text]) == [
                "SEND_TIMEOUT '\(text)' is outside 1s to 5m (example: SEND_TIMEOUT=10s)"
            ]
        )
    }

    @Test(
        "are rates of requests or segments",
        arguments: [
            ("30/s", .limited(count: 30, per: .seconds(1), unit: .requests)),
            ("30seg/s", .limited(count: 30, per: .seconds(1), unit: .segments)),
            ("5/m", .limited(count: 5, per: .seconds(60), unit: .requests)),
            ("100/15m", .limited(count: 100, per: .seconds(900), unit: .requests)), ("0", .unlimited),
        ] as [(String, PaceLimit)]
    )
    func rates(text: String, expected: PaceLimit) throws {
        #expect(try settings(["SEND_RATE": text]).sending.rate == expected)
    }

    @Test(
        "are no rates otherwise",
        arguments: ["30", "0/s", "-1/s", "30/", "/s", "30/0s", "30/s/s", "30 seg/s", "1.5/s", "30/week", "2000000/s"]
    )
    func badRates(text: String) {
        #expect(problems(["SEND_RATE": text]).count == 1)
    }

    @Test("count requests only, where segments make no sense")
    func noSegments() {
        #expect(problems(["API_RATE_LIMIT": "30seg/s"]).count == 1)
    }

    @Test("limit single senders, and all that are not named")
    func senderRates() throws {
        let rates = try settings(["SEND_RATES": "+14155550100=1/s, MyShop=5seg/m ,*=10/s"]).sending.senderRates
        let number = try #require(Sender("14155550100"))
        let name = try #require(Sender("MyShop"))
        #expect(
            rates.named == [
                number: .limited(count: 1, per: .seconds(1), unit: .requests),
                name: .limited(count: 5, per: .seconds(60), unit: .segments),
            ]
        )
        #expect(rates.others == .limited(count: 10, per: .seconds(1), unit: .requests))
    }

    @Test(
        "limit no sender otherwise",
        arguments: [
            "14155550100", "=1/s", "a b=1/s", "14155550100=x", "*=1/s,*=2/s", "14155550100=1/s,+14155550100=2/s",
        ]
    )
    func badSenderRates(text: String) {
        #expect(problems(["SEND_RATES": text]).count == 1)
    }

    @Test("are true or false in the usual words", arguments: ["true", "TRUE", "yes", "1", "on"])
    func bools(text: String) throws {
        #expect(try settings(["LOG_PII": text]).log.showsPersonalData)
    }

    @Test("are lists with commas or line breaks; empty entries do not count")
    func lists() throws {
        let settings = try settings([
            "ALLOWED_PREFIXES": "+1, 44,,49,", "API_KEYS": "0123456789abcdef\nfedcba9876543210\r\nüüüüüüüüüüüüüüüü",
            "OPT_OUT_KEYWORDS": "stop,arrêt",
        ])
        #expect(settings.destinations.allowedPrefixes == ["1", "44", "49"])
        #expect(settings.http.apiKeys == ["0123456789abcdef", "fedcba9876543210", "üüüüüüüüüüüüüüüü"])
        #expect(settings.optOut.stopKeywords == ["STOP", "ARRÊT"])
    }

    @Test("open the API to this host only where that is said")
    func loopback() throws {
        #expect(try settings(["API_LOOPBACK": "true"]).http.servesLoopback)
        #expect(try !settings(["API_LOOPBACK": "false"]).http.servesLoopback)
        #expect(problems(["API_LOOPBACK": "perhaps"]).map { $0.hasPrefix("API_LOOPBACK ") } == [true])
    }

    @Test("take no short key of the API, and none twice; each is a problem of its own, and none is quoted")
    func weakKeys() {
        let found = problems(["API_KEYS": "0123456789abcde,0123456789abcdef,x,0123456789abcdef,x"])
        #expect(found.count == 5)
        #expect(found.allSatisfy { $0.hasPrefix("API_KEYS has ") && !$0.contains("abcde") })
        let short = "API_KEYS has an entry (number 1) of 15 characters; a key has 16 or more"
        #expect(found.first?.hasPrefix(short) == true)
        #expect(found.contains { $0.hasPrefix("API_KEYS has the same entry twice (numbers 2 and 4)") })
        #expect(found.contains { $0.hasPrefix("API_KEYS has the same entry twice (numbers 3 and 5)") })
    }

    @Test("hand the trusted proxies to the API too, where wrong keys are counted by address")
    func proxies() throws {
        let settings = try settings(["HTTP_TRUSTED_PROXIES": "10.0.0.0/8"])
        #expect(settings.http.trustedProxies == settings.webhooks.trustedProxies)
        #expect(settings.http.trustedProxies.count == 1)
    }

    @Test(
        "are refused with what would be right",
        arguments: [
            ("SEND_CONCURRENCY", "0", "is not a whole number from 1 to 10000"),
            ("SEND_CONCURRENCY", "64.0", "is not a whole number from 1 to 10000"),
            ("PORT", "65536", "is not a whole number from 0 to 65535"),
            ("AMQP_DECLARE", "maybe", "is neither true nor false"),
            ("AMQP_PREFIX", "my sms", "has characters other than"),
            ("LOG_LEVEL", "loud", "is not one of trace, debug, info, notice, warning, error, critical"),
            ("LOG_FORMAT", "xml", "is not one of json, text"),
            ("VONAGE_SIGNATURE_METHOD", "sha3", "is not one of md5hash, md5, sha1, sha256, sha512"),
            ("VONAGE_NUMBER", "+0", "is not a sender"), ("VONAGE_NUMBER", "My Shop", "is not a sender"),
            ("VONAGE_API_URL", "api.nexmo.com", "is not an http or https URL"),
            ("VONAGE_API_URL", "ftp://api.nexmo.com", "is not an http or https URL"),
            ("VONAGE_API_URL", "https://api.nexmo.com/v1/messages", "has more than scheme"),
            ("ALLOWED_PREFIXES", "1,0", "has an entry (number 2) that is not the beginning of an E.164 number"),
            ("WEBHOOK_ALLOWED_IPS", "10.0.0.0/8,10.0.0.0/33", "has an entry (number 2) that is not a network"),
            ("HTTP_TRUSTED_PROXIES", "localhost", "has an entry (number 1) that is not a network"),
            ("OPT_IN_KEYWORDS", "SSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSSS", "has more than the 32 characters of a keyword"),
            ("RETRY_DELAYS", ",", "is a list without entries"),
        ]
    )
    func refused(name: String, text: String, reason: String) throws {
        let found = problems([name: text])
        #expect(found.count == 1)
        let problem = try #require(found.first)
        #expect(problem.hasPrefix("\(name) '\(text)' "))
        #expect(problem.contains(reason))
        #expect(problem.hasSuffix("(example: \(name)=\(try #require(Variable.named(name)).example))"))
    }

    @Test(
        "name a SQLite file",
        arguments: [
            ("sqlite:data/x.db", "data/x.db"), ("sqlite:/var/x.db", "/var/x.db"), ("sqlite:///var/x.db", "/var/x.db"),
        ]
    )
    func store(url: String, path: String) throws {
        #expect(try settings(["STORE_URL": url]).store.path == path)
    }

    @Test(
        "name a database of PostgreSQL",
        arguments: ["postgres://bridge:hush@db/sms", "postgresql://a,b:5433/sms?sslmode=verify-full"]
    )
    func database(url: String) throws {
        let store = try settings(["STORE_URL": url]).store
        #expect(store.location == .postgres(uri: url))
        #expect(store.isShared)
    }

    @Test(
        "name no other store",
        arguments: [
            ("postgres://bridge:hush@[db/sms", "libpq"), ("postgresql://db/sms?ssl_mode=x", "libpq"),
            ("data/x.db", "does not begin with sqlite:"), ("sqlite:", "does not name a file"),
            ("sqlite:data/", "does not name a file"),
            ("sqlite://x/y.db", "does not name a file"), ("sqlite::memory:", "does not name a file"),
        ]
    )
    func badStore(url: String, reason: String) throws {
        let problem = try #require(problems(["STORE_URL": url]).first)
        #expect(problem.contains(reason))
        #expect(!problem.contains("hush"))
    }

    @Test("drop the slash at the end of the API's URL")
    func apiURL() throws {
        #expect(try settings(["VONAGE_API_URL": "http://127.0.0.1:4000/"]).provider.apiURL == "http://127.0.0.1:4000")
    }

    @Test("give the port under two names, which have to agree")
    func ports() throws {
        #expect(try settings(["HTTP_PORT": "8080"]).http.port == 8080)
        #expect(try settings(["PORT": "8080", "HTTP_PORT": "8080"]).http.port == 8080)
        #expect(
            problems(["PORT": "1", "HTTP_PORT": "2"]).first?.hasPrefix("HTTP_PORT and PORT name different") == true
        )
        #expect(problems(["PORT": "1", "WEBHOOK_PORT": "1"]).first?.hasPrefix("WEBHOOK_PORT is the port of") == true)
        #expect(try settings(["PORT": "0", "WEBHOOK_PORT": "0"]).http.webhookPort == 0)
    }

    @Test("name several brokers, or say what is wrong with which")
    func brokers() throws {
        let endpoints = try settings(["AMQP_URL": "amqp://a/,amqps://u:p@b:99/v"]).broker.endpoints
        #expect(endpoints.map(\.host) == ["a", "b"])
        let problem = try #require(problems(["AMQP_URL": "amqp://a/,http://u:hush@b/"]).first)
        #expect(problem.contains("address 2: it does not begin with amqp:// or amqps://"))
        #expect(!problem.contains("hush"))
    }

    @Test("are all looked at before any problem is reported, in the order of the table")
    func allProblems() {
        let found = problems([
            "SHUTDOWN_GRACE": "x", "AMQP_URL": "x", "PORT": "x", "SEND_RATE": "x", "STORE_URL": "x", "LOG_LEVEL": "x",
        ])
        #expect(
            found.map { String($0.prefix { $0 != " " }) }
                == ["AMQP_URL", "SEND_RATE", "PORT", "STORE_URL", "LOG_LEVEL", "SHUTDOWN_GRACE"]
        )
    }
}
