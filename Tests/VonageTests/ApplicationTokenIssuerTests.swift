import FoundationEssentials
import JWTKit
import Testing

@testable import Vonage

@Suite("The application's tokens")
struct ApplicationTokenIssuerTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private struct Claims: Decodable {
        let applicationID: String
        let iat: Int
        let exp: Int
        let jti: String
        let nbf: Int?

        private enum CodingKeys: String, CodingKey {
            case iat, exp, jti, nbf
            case applicationID = "application_id"
        }
    }

    private func claims(_ token: String) throws -> Claims {
        let parts = token.split(separator: ".")
        let header = try #require(Base64URL.decode(parts[0].utf8))
        let fields = try JSONDecoder().decode([String: String].self, from: Data(header))
        #expect(fields["alg"] == "RS256")
        #expect(fields["typ"] == "JWT")
        let payload = try #require(Base64URL.decode(parts[1].utf8))
        return try JSONDecoder().decode(Claims.self, from: Data(payload))
    }

    @Test("The claims are those that Vonage documents", .timeLimit(.minutes(3)))
    func content() async throws {
        let issuer = try ApplicationTokenIssuer(applicationID: "app", privateKeyPEM: TestKey.pem)
        let token = try await issuer.token(now: start)
        let claims = try claims(token)
        #expect(claims.applicationID == "app")
        #expect(claims.iat == 1_799_999_990)
        #expect(claims.exp == claims.iat + 900)
        #expect(UUID(uuidString: claims.jti) != nil)
        #expect(claims.nbf == nil)
        // The signature fits the key.
        let keys = await JWTKeyCollection().add(
            rsa: try Insecure.RSA.PrivateKey(pem: TestKey.pem).publicKey,
            digestAlgorithm: .sha256
        )
        _ = try await keys.verify(token, as: Unchecked.self)
    }

    @Test("One token serves many requests and is renewed before its end", .timeLimit(.minutes(3)))
    func renewal() async throws {
        let issuer = try ApplicationTokenIssuer(applicationID: "app", privateKeyPEM: TestKey.pem)
        let first = try await issuer.token(now: start)
        #expect(try await issuer.token(now: start.addingTimeInterval(700)) == first)
        let second = try await issuer.token(now: start.addingTimeInterval(780))
        #expect(second != first)
        #expect(try await issuer.token(now: start.addingTimeInterval(1_400)) == second)
    }

    @Test("A refused token is replaced; one that was replaced already is left alone", .timeLimit(.minutes(3)))
    func discard() async throws {
        let issuer = try ApplicationTokenIssuer(applicationID: "app", privateKeyPEM: TestKey.pem)
        let first = try await issuer.token(now: start)
        issuer.discard(first)
        let second = try await issuer.token(now: start)
        #expect(second != first)
        issuer.discard(first)
        #expect(try await issuer.token(now: start) == second)
    }

    @Test("A clock that was set back makes a new token", .timeLimit(.minutes(3)))
    func clockSetBack() async throws {
        let issuer = try ApplicationTokenIssuer(applicationID: "app", privateKeyPEM: TestKey.pem)
        let first = try await issuer.token(now: start)
        #expect(try await issuer.token(now: start.addingTimeInterval(-3_600)) != first)
    }

    private struct Unchecked: JWTPayload {
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }
}

@Suite("The application's private key")
struct PrivateKeyPEMTests {
    @Test(
        "Line breaks may be written in other ways",
        arguments: [
            { $0 },
            { $0.split(separator: "\n").joined(separator: "\\n") },
            { $0.split(separator: "\n").joined(separator: "\r\n") },
            { $0.split(separator: "\n").joined(separator: "\\r\\n") },
            { "\n  " + $0.split(separator: "\n").joined(separator: "  \n  ") + "\n\n" },
        ] as [@Sendable (String) -> String]
    )
    func lineBreaks(damage: @Sendable (String) -> String) throws {
        #expect(!TestKey.pem.isEmpty)
        _ = try PrivateKeyPEM.read(damage(TestKey.pem))
    }

    @Test(
        "A key that cannot be used is reported, without showing it",
        arguments: [
            ("", "empty"),
            ("/path/to/private.key", "not PEM"),
            ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "public key"),
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----", "encrypted"),
            ("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----", "not a complete RSA key"),
            ("-----BEGIN PRIVATE KEY-----\nc2VjcmV0", "not a complete RSA key"),
        ]
    )
    func unusable(pem: String, hint: String) throws {
        let error = #expect(throws: VonageError.self) { try PrivateKeyPEM.read(pem) }
        #expect(error?.code == .privateKeyUnusable)
        #expect(error?.message.contains(hint) == true)
        #expect(error.map { "\($0)".contains("c2VjcmV0") } == false)
    }
}
