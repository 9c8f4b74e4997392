import Contracts
import Crypto
import SMSCore

/// The JWT of a signed webhook, parsed but not trusted.
///
/// Read by hand for two reasons: the signature covers `header.payload` as received, and JWT libraries refuse keys under 32
/// bytes while Vonage's signature secrets may have 20 (vonage-php-sdk-core#386).
/// Source: developer.vonage.com, "Validating signed webhooks".
struct SignedToken: Sendable {
    /// What the token claims; optional all, for only some of it is documented as always there.
    struct Claims: Sendable {
        let iss: String?
        let iat: Int?
        let payloadHash: String?
        let apiKey: String?

        /// The claims in a payload; one of another type than it should have counts as not there.
        fileprivate init(_ payload: [String: JSONValue]) {
            iss = payload["iss"]?.text
            iat =
                switch payload["iat"] {
                case .integer(let seconds): Int(seconds)
                case .number(let seconds): Int(exactly: seconds.double.rounded(.down))
                default: nil
                }
            payloadHash = payload["payload_hash"]?.text
            apiKey = payload["api_key"]?.text
        }
    }

    let claims: Claims
    private let signedBytes: [UInt8]
    private let signature: [UInt8]

    /// Takes a token apart.
    ///
    /// - Parameter text: the token without `Bearer`.
    /// - Throws: ``WebhookRefusal``, `signatureMalformed` or `algorithmRefused`: the token never chooses the algorithm.
    init(_ text: some StringProtocol) throws(WebhookRefusal) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let headerBytes = Base64URL.decode(parts[0].utf8),
            let payloadBytes = Base64URL.decode(parts[1].utf8),
            let signature = Base64URL.decode(parts[2].utf8),
            let header = try? JSONValue(repairing: headerBytes).members,
            let payload = try? JSONValue(repairing: payloadBytes).members
        else { throw .signatureMalformed }
        guard header["alg"]?.text == "HS256" else { throw .algorithmRefused }
        self.claims = Claims(payload)
        self.signature = signature
        self.signedBytes = Array(text.utf8[..<parts[1].endIndex])
    }

    /// Whether a secret made this token: HMAC-SHA256 over `header.payload` as received, compared in constant time.
    ///
    /// - Parameter secret: the signature secret as the dashboard shows it; its UTF-8 bytes are the key.
    /// - Returns: whether the signature fits.
    func isSigned(with secret: String) -> Bool {
        let key = SymmetricKey(data: Array(secret.utf8))
        return HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: signedBytes, using: key)
    }

    /// Whether the token was made for this body: `payload_hash` is the SHA-256 of its raw bytes, in hexadecimal.
    ///
    /// The provider's own helpers do not check this; without it a captured token could carry any body (symfony#65776).
    ///
    /// - Parameter body: the body as received.
    /// - Returns: whether it fits; a token without the claim fits nothing.
    func covers(_ body: [UInt8]) -> Bool {
        guard let payloadHash = claims.payloadHash else { return false }
        return ConstantTime.areEqual(Hex.encode(SHA256.hash(data: body)), Array(payloadHash.lowercased().utf8))
    }
}

extension JSONValue {
    /// A string; nil for every other kind.
    fileprivate var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}

/// Base64 with the URL's alphabet and no padding (RFC 7515, section 2).
enum Base64URL {
    /// Decodes, strictly.
    ///
    /// - Parameter text: the characters, without padding.
    /// - Returns: the bytes; `nil` for a character outside the alphabet or a length that cannot be.
    static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.underestimatedCount * 3 / 4)
        var buffer: UInt32 = 0
        var bits = 0
        var count = 0
        for character in text {
            guard let value = value(of: character) else { return nil }
            buffer = (buffer << 6 | value) & 0xffff
            bits += 6
            count += 1
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        return count % 4 == 1 ? nil : bytes
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
