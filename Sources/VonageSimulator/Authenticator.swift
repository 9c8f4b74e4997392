import FoundationEssentials
import JWTKit
import Synchronization

/// Checks who sends a request, as far as keys are configured.
final class Authenticator: Sendable {
    private let basic: String?
    private let applicationID: String?
    private let keys: JWTKeyCollection?
    private let checksNothing: Bool
    /// Tokens that were verified before, and until when they are good: a client uses one for many requests.
    private let known = Mutex<[String: Int]>([:])

    /// Creates an authenticator.
    ///
    /// - Parameter credentials: whom requests have to prove to be.
    /// - Throws: ``SimulatorError`` when the application's key is unusable.
    init(_ credentials: SimulatorCredentials) async throws {
        if let key = credentials.apiKey, let secret = credentials.apiSecret {
            basic = Data("\(key):\(secret)".utf8).base64EncodedString()
        } else {
            basic = nil
        }
        applicationID = credentials.applicationID
        if let pem = credentials.applicationKeyPEM {
            keys = await JWTKeyCollection().add(rsa: try Self.publicKey(pem), digestAlgorithm: .sha256)
        } else {
            keys = nil
        }
        checksNothing = basic == nil && keys == nil
    }

    /// Checks an `Authorization` header.
    ///
    /// - Parameters:
    ///   - header: the header, if any.
    ///   - now: seconds since 1970.
    /// - Returns: `basic`, `jwt` or `none`, or why it is refused.
    func check(_ header: String?, now: Int) async -> Result<String, SimulatorRefusal> {
        let parts = (header ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else {
            return checksNothing ? .success("none") : .failure(SimulatorRefusal(.unauthorized))
        }
        switch parts[0].lowercased() {
        case "basic":
            guard checksNothing || (basic.map { $0 == parts[1] } ?? false) else {
                return .failure(SimulatorRefusal(.unauthorized))
            }
            return .success("basic")
        case "bearer":
            return checksNothing ? .success("jwt") : await checkToken(String(parts[1]), now: now)
        default:
            return checksNothing ? .success("none") : .failure(SimulatorRefusal(.unauthorized))
        }
    }

    private func checkToken(_ token: String, now: Int) async -> Result<String, SimulatorRefusal> {
        guard let keys else { return .failure(SimulatorRefusal(.unauthorized)) }
        if let end = known.withLock({ $0[token] }) {
            return now < end ? .success("jwt") : .failure(SimulatorRefusal(.tokenExpired))
        }
        // `iat`, `jti` and the application are required; without `exp` a token lives 15 min, and 24 h at most in any
        // case.
        guard let claims = try? await keys.verify(token, as: Claims.self), let issued = claims.iat, claims.jti != nil,
            applicationID == nil || claims.application_id == applicationID, issued <= now + 60
        else { return .failure(SimulatorRefusal(.unauthorized)) }
        let end = min(claims.exp ?? issued + 900, issued + 86_400)
        guard now < end else { return .failure(SimulatorRefusal(.tokenExpired)) }
        known.withLock { known in
            if known.count >= 100 { known.removeAll() }
            known[token] = end
        }
        return .success("jwt")
    }

    private static func publicKey(_ pem: String) throws -> Insecure.RSA.PublicKey {
        let pem = pem.split(separator: "\\n").joined(separator: "\n")
        do {
            guard pem.contains("PRIVATE KEY") else { return try Insecure.RSA.PublicKey(pem: pem) }
            return try Insecure.RSA.PrivateKey(pem: pem).publicKey
        } catch {
            throw SimulatorError("The application's key is not a usable RSA key in PEM.")
        }
    }
}

/// What a client's token says.
private struct Claims: JWTPayload {
    // swift-format-ignore: AlwaysUseLowerCamelCase
    let application_id: String?
    let iat: Int?
    let exp: Int?
    let jti: String?

    /// The times are checked by the authenticator, against its own clock.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}
