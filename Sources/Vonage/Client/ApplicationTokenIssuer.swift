import FoundationEssentials
import JWTKit
import Synchronization

/// Makes the tokens of an application (JWT, RS256), one for many requests.
///
/// Signing costs about a millisecond, so a token is used until it nears its end; Vonage allows that, and does not say that
/// it checks `jti` for replays. Claims by developer.vonage.com, "Authentication": `application_id`, `iat`, `jti`, `exp`
/// (15 min). No `nbf`: one equal to now has been refused as an invalid token (Nexmo/nexmo-developer#2098).
final class ApplicationTokenIssuer: Sendable {
    /// How long a token is valid, in seconds.
    static let lifetime = 900
    /// How many seconds before its end a token is replaced.
    static let renewal = 120
    /// How many seconds `iat` lies in the past, for the clocks of two machines differ.
    static let backdating = 10

    private struct Token {
        var text: String
        var issued: Int
        var isBeingRenewed = false

        /// Whether Vonage takes it.
        ///
        /// A clock that was set back makes a token unusable too.
        func isValid(at now: Int) -> Bool {
            now < issued + ApplicationTokenIssuer.lifetime - 5 && now >= issued
        }

        /// Whether it is time to make the next one.
        func isAging(at now: Int) -> Bool {
            now >= issued + ApplicationTokenIssuer.lifetime - ApplicationTokenIssuer.renewal
        }
    }

    private let applicationID: String
    private let key: Insecure.RSA.PrivateKey
    private let current = Mutex<Token?>(nil)

    /// Creates an issuer.
    ///
    /// - Throws: ``VonageError`` with `privateKeyUnusable`.
    init(applicationID: String, privateKeyPEM: String) throws {
        self.applicationID = applicationID
        self.key = try PrivateKeyPEM.read(privateKeyPEM)
    }

    /// The token to use now.
    ///
    /// While one caller renews an aging token, the others go on with it. Callers that come before there is any token each
    /// sign one, and the last one stays: that happens once.
    ///
    /// - Parameter now: the time of day.
    /// - Returns: a token that is valid for at least some seconds.
    /// - Throws: ``VonageError`` with `tokenNotSigned`.
    func token(now: Date) async throws -> String {
        let second = Int(now.timeIntervalSince1970)
        let usable = current.withLock { token -> String? in
            guard let held = token, held.isValid(at: second) else { return nil }
            guard held.isAging(at: second), !held.isBeingRenewed else { return held.text }
            token?.isBeingRenewed = true
            return nil
        }
        if let usable { return usable }
        let issued = second - Self.backdating
        let text = try await sign(issued: issued)
        current.withLock { $0 = Token(text: text, issued: issued) }
        return text
    }

    /// Drops a token that the provider has refused, so that the next call makes a new one.
    ///
    /// Does nothing when another request has replaced it already.
    ///
    /// - Parameter text: the refused token.
    func discard(_ text: String) {
        current.withLock { token in
            if token?.text == text { token = nil }
        }
    }

    private func sign(issued: Int) async throws -> String {
        let claims = Claims(
            application_id: applicationID,
            iat: issued,
            exp: issued + Self.lifetime,
            jti: UUID().uuidString.lowercased()
        )
        do {
            let keys = await JWTKeyCollection().add(rsa: key, digestAlgorithm: .sha256)
            return try await keys.sign(claims)
        } catch {
            current.withLock { $0?.isBeingRenewed = false }
            throw VonageError(.tokenNotSigned, "The application's token could not be signed.", underlying: error)
        }
    }
}

/// The token's claims, under the provider's names.
private struct Claims: JWTPayload {
    // swift-format-ignore: AlwaysUseLowerCamelCase
    let application_id: String
    let iat: Int
    let exp: Int
    let jti: String

    /// These tokens are made here and read by Vonage.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}
