import App
import Testing
import Vonage

@Suite("The credentials for the provider")
struct CredentialsTests {
    /// Has the form of a key and is none.
    private static let brokenKeyPEM = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----"
    private static let account = ["VONAGE_API_KEY": "12ab34cd", "VONAGE_API_SECRET": "hush"]

    private func description(_ environment: [String: String], files: [String: String] = [:]) throws -> String? {
        try settings(environment, files: files, needing: [.credentials]).provider.credentials?.description
    }

    @Test("are the account's key and secret where there is no private key")
    func account() throws {
        #expect(try description(Self.account) == "account 12ab34cd")
        let withID = Self.account.merging(["VONAGE_APPLICATION_ID": "app"]) { $1 }
        #expect(try description(withID) == "account 12ab34cd")
    }

    @Test("are the application's where its private key is given, by path or itself")
    func application() throws {
        let files = ["/key": privateKeyPEM]
        let byPath = ["VONAGE_APPLICATION_ID": "app", "VONAGE_PRIVATE_KEY_PATH": "/key"]
        #expect(try description(byPath, files: files) == "application app")
        #expect(try description(byPath.merging(Self.account) { $1 }, files: files) == "application app")
        #expect(
            try description(["VONAGE_APPLICATION_ID": "app", "VONAGE_PRIVATE_KEY": privateKeyPEM]) == "application app"
        )
        let byFile = ["VONAGE_APPLICATION_ID": "app", "VONAGE_PRIVATE_KEY_FILE": "/key", "VONAGE_API_KEY": "12ab34cd"]
        #expect(try description(byFile, files: files) == "application app")
    }

    @Test("are both where both are given, the application's first")
    func both() throws {
        let environment = Self.account.merging([
            "VONAGE_APPLICATION_ID": "app", "VONAGE_PRIVATE_KEY": privateKeyPEM,
        ]) { $1 }
        let provider = try settings(environment).provider
        #expect(provider.allCredentials.map(\.description) == ["application app", "account 12ab34cd"])
        #expect(provider.credentials?.description == "application app")
        #expect(provider.accountKey == "12ab34cd")
        #expect(try settings(Self.account).provider.allCredentials.map(\.description) == ["account 12ab34cd"])
    }

    @Test("carry the private key over as it is")
    func privateKey() throws {
        let settings = try settings(["VONAGE_APPLICATION_ID": "app", "VONAGE_PRIVATE_KEY": privateKeyPEM])
        guard case .application(_, let pem)? = settings.provider.credentials else {
            Issue.record("no application")
            return
        }
        // But for the line's end behind it.
        #expect(pem.split(separator: "\n") == privateKeyPEM.split(separator: "\n"))
    }

    @Test(
        "are refused by halves, with the half that is missing",
        arguments: [
            (["VONAGE_API_KEY": "k"], "VONAGE_API_SECRET is missing"),
            (["VONAGE_API_SECRET": "s"], "VONAGE_API_KEY is missing"),
            (["VONAGE_APPLICATION_ID": "a"], "VONAGE_PRIVATE_KEY_PATH is missing"),
            (["VONAGE_APPLICATION_ID": "a", "VONAGE_API_KEY": "k"], "VONAGE_PRIVATE_KEY_PATH is missing"),
            (["VONAGE_PRIVATE_KEY": privateKeyPEM], "VONAGE_APPLICATION_ID is missing"),
            (["VONAGE_PRIVATE_KEY_PATH": "/key"], "VONAGE_APPLICATION_ID is missing"),
            (
                ["VONAGE_APPLICATION_ID": "a", "VONAGE_PRIVATE_KEY": privateKeyPEM, "VONAGE_PRIVATE_KEY_PATH": "/key"],
                "VONAGE_PRIVATE_KEY_PATH and VONAGE_PRIVATE_KEY are both set"
            ),
            (
                ["VONAGE_APPLICATION_ID": "a", "VONAGE_PRIVATE_KEY_PATH": "/none"],
                "VONAGE_PRIVATE_KEY_PATH names a file that cannot be read: /none"
            ),
            (
                ["VONAGE_APPLICATION_ID": "a", "VONAGE_PRIVATE_KEY_PATH": "/public"],
                "VONAGE_PRIVATE_KEY_PATH names a file whose content is not a private key in PEM"
            ),
            (
                ["VONAGE_APPLICATION_ID": "a", "VONAGE_PRIVATE_KEY_PATH": "/encrypted"],
                "VONAGE_PRIVATE_KEY_PATH names a file whose content is encrypted"
            ),
            (
                ["VONAGE_APPLICATION_ID": "a", "VONAGE_PRIVATE_KEY_PATH": "/broken"],
                "VONAGE_PRIVATE_KEY_PATH names a file whose content is not a complete RSA private key"
            ),
            (
                ["VONAGE_APPLICATION_ID": "a", "VONAGE_PRIVATE_KEY": brokenKeyPEM],
                "VONAGE_PRIVATE_KEY is not a complete RSA private key"
            ),
        ]
    )
    func halves(environment: [String: String], expected: String) {
        let files = [
            "/key": privateKeyPEM, "/public": "-----BEGIN PUBLIC KEY-----",
            "/encrypted": "-----BEGIN ENCRYPTED PRIVATE KEY-----", "/broken": Self.brokenKeyPEM,
        ]
        let found = problems(environment, files: files)
        #expect(found.count == 1)
        #expect(found.allSatisfy { $0.hasPrefix(expected) })
    }

    @Test("are needed by the service only")
    func needed() {
        #expect(problems() == [])
        let found = problems(needing: [.credentials])
        #expect(found.count == 1)
        #expect(found.allSatisfy { $0.contains("VONAGE_API_SECRET") && $0.contains("VONAGE_PRIVATE_KEY_PATH") })
    }
}
