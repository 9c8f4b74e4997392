import Crypto
import FoundationEssentials

/// Signs webhooks as Vonage does: a JWT (HS256) over the SHA-256 of the raw body.
struct WebhookSigner: Sendable {
    private struct Claims: Encodable {
        let iat: Int
        let jti: String
        let iss = "Vonage"
        let payloadHash: String
        let apiKey: String
        let applicationID: String?

        private enum CodingKeys: String, CodingKey {
            case iat, jti, iss
            case payloadHash = "payload_hash"
            case apiKey = "api_key"
            case applicationID = "application_id"
        }
    }

    private let key: SymmetricKey
    private let apiKey: String
    private let applicationID: String?
    private static let header = base64URL(Data(#"{"alg":"HS256","typ":"JWT"}"#.utf8))

    /// Creates a signer.
    ///
    /// - Parameters:
    ///   - secret: the signature secret; its UTF-8 bytes are the key, however few.
    ///   - apiKey: the account that is named.
    ///   - applicationID: the application that is named.
    init(secret: String, apiKey: String, applicationID: String?) {
        key = SymmetricKey(data: Data(secret.utf8))
        self.apiKey = apiKey
        self.applicationID = applicationID
    }

    /// Makes the `Authorization` header of a webhook.
    ///
    /// - Parameters:
    ///   - body: the raw body.
    ///   - now: the time of day.
    /// - Returns: `Bearer` and a token; with an id of its own each time.
    func header(for body: [UInt8], now: Date) -> String {
        let hash = SHA256.hash(data: body).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        let claims = Claims(
            iat: Int(now.timeIntervalSince1970),
            jti: UUID().uuidString.lowercased(),
            payloadHash: hash.joined(),
            apiKey: apiKey,
            applicationID: applicationID
        )
        let payload = (try? JSONEncoder().encode(claims)) ?? Data()
        let signed = Self.header + "." + Self.base64URL(payload)
        let signature = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: key)
        return "Bearer " + signed + "." + Self.base64URL(Data(signature))
    }

    private static func base64URL(_ data: Data) -> String {
        let characters = data.base64EncodedString().compactMap { character -> Character? in
            switch character {
            case "+": "-"
            case "/": "_"
            case "=": nil
            default: character
            }
        }
        return String(characters)
    }
}
