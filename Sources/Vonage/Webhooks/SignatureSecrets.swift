/// The secrets that webhooks are signed with: several may be valid at once, and subaccounts have their own.
package struct SignatureSecrets: Sendable, CustomStringConvertible {
    private var forEveryAccount: [String] = []
    private var byAccount: [String: [String]] = [:]

    /// Reads the secrets.
    ///
    /// - Parameter entries: a plain secret, of any length, holds for every account; `12ab34cd:secret` (eight letters or
    ///   digits and a colon) for that `api_key` alone. Empty entries are ignored.
    package init(_ entries: [String]) {
        for entry in entries where !entry.isEmpty {
            let account = entry.prefix { $0 != ":" }
            let isAccount =
                account.utf8.count == 8 && account.utf8.count < entry.utf8.count
                && account.utf8.allSatisfy(isAlphanumeric)
            let secret = entry.dropFirst(account.count + 1)
            if isAccount, !secret.isEmpty {
                byAccount[String(account), default: []].append(String(secret))
            } else {
                forEveryAccount.append(entry)
            }
        }
    }

    /// Whether there is none, so that no signature is required.
    package var isEmpty: Bool { forEveryAccount.isEmpty && byAccount.isEmpty }

    /// A secret to sign with, for a stand-in of the provider.
    ///
    /// - Parameter apiKey: the account to sign for, if it matters.
    /// - Returns: the secret, that account's own before one for every account, and the account that it signs for: another
    ///   one where the given account has no secret, `nil` where none was given and the secret holds for every account. `nil`
    ///   without any secret.
    package func signing(for apiKey: String?) -> (secret: String, apiKey: String?)? {
        if let apiKey, let secret = candidates(apiKey: apiKey).first { return (secret, apiKey) }
        if let secret = forEveryAccount.first { return (secret, nil) }
        guard let (account, secrets) = byAccount.min(by: { $0.key < $1.key }) else { return nil }
        return secrets.first.map { ($0, account) }
    }

    /// The secrets that may have signed something of an account.
    ///
    /// - Parameter apiKey: the account that the webhook names, if it does.
    /// - Returns: that account's own secrets first, then those for every account; without an account all there are.
    func candidates(apiKey: String?) -> [String] {
        guard let apiKey else { return forEveryAccount + byAccount.values.joined() }
        return byAccount[apiKey, default: []] + forEveryAccount
    }

    /// How many there are; never what they are.
    package var description: String {
        "\(forEveryAccount.count + byAccount.values.reduce(0) { $0 + $1.count }) signature secrets"
    }
}

private func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"):
        true
    default:
        false
    }
}
