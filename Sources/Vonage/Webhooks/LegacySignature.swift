import Crypto

/// The signature of the older SMS API's webhooks (`sig`), which an account has only when Vonage's support enabled it.
///
/// Source: Nexmo documentation, "Signing messages": all parameters but `sig`, sorted by name, as `&name=value` one after the
/// other, `&` and `=` in values replaced by `_`; then MD5 over that and the secret, or an HMAC keyed with the secret; in
/// hexadecimal.
package enum LegacySignature: String, Sendable, CaseIterable {
    /// MD5 over parameters and secret.
    case md5hash
    /// HMAC with MD5.
    case md5
    /// HMAC with SHA-1.
    case sha1
    /// HMAC with SHA-256.
    case sha256
    /// HMAC with SHA-512.
    case sha512

    /// How many hexadecimal characters this method makes.
    var length: Int {
        switch self {
        case .md5hash, .md5: 32
        case .sha1: 40
        case .sha256: 64
        case .sha512: 128
        }
    }

    /// Signs parameters.
    ///
    /// - Parameters:
    ///   - parameters: names and values, without `sig`.
    ///   - secret: the signature secret.
    /// - Returns: lower-case hexadecimal as ASCII.
    func sign(_ parameters: [String: String], secret: String) -> [UInt8] {
        var text = ""
        // By the bytes of their UTF-8, whatever the locale.
        for (name, value) in parameters.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            text += "&\(name)="
            text += String(value.map { $0 == "&" || $0 == "=" ? "_" : $0 })
        }
        let message = Array(text.utf8)
        let key = SymmetricKey(data: Array(secret.utf8))
        return switch self {
        case .md5hash: Hex.encode(Insecure.MD5.hash(data: message + Array(secret.utf8)))
        case .md5: Hex.encode(HMAC<Insecure.MD5>.authenticationCode(for: message, using: key))
        case .sha1: Hex.encode(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key))
        case .sha256: Hex.encode(HMAC<SHA256>.authenticationCode(for: message, using: key))
        case .sha512: Hex.encode(HMAC<SHA512>.authenticationCode(for: message, using: key))
        }
    }
}
