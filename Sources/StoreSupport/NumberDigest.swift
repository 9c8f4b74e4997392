import Crypto
package import FoundationEssentials
import SMSCore

/// Stands for a number that was forgotten: the suppression list goes on knowing it without saying it.
///
/// An HMAC-SHA256 under a key of this database's own. There are few enough numbers to try them all, so a person who has
/// the database can find the number; a person who has an export cannot.
package struct NumberDigest: Sendable {
    private let key: SymmetricKey

    /// Digests under a key of 32 random bytes.
    package init(key: Data) {
        self.key = SymmetricKey(data: key)
    }

    /// The digest of an E.164 number.
    package func of(_ number: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(number.utf8), using: key)
        return code.prefix(16).reduce(into: OptOut.forgottenPrefix) { text, byte in
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }
}
