import Contracts
import HTTPTypes

/// Who may use the API: clients with one of the keys; without keys no client, or, for development, those on this host
/// (docs/openapi.yaml).
struct APIAccess: Sendable {
    /// A caller who may use it.
    struct Caller: Hashable, Sendable {
        /// Identifies the caller in the log and for the rate limit: a short digest of the key, or the address.
        let name: String
    }

    /// What is decided about a request.
    enum Verdict: Hashable, Sendable {
        case admitted(Caller)
        /// It has no key, or one that is not configured.
        case unauthorized(isKeyMissing: Bool)
        /// There are no keys, and clients on this host are not served either, or it is not directly from one.
        case forbidden
    }

    private struct Key: Sendable {
        /// Compared instead of the key itself, since it has the same length for all.
        let digest: [UInt8]
        let caller: Caller

        init(_ key: String) {
            let hex = Digest.hex(Array(key.utf8))
            digest = Array(hex.utf8)
            caller = Caller(name: "key-" + hex.prefix(8))
        }
    }

    private let keys: [Key]
    /// Whether clients on this host are served without a key; has no effect where there are keys.
    let servesLoopback: Bool

    /// Whether there are keys, so that a request needs one.
    var hasKeys: Bool { !keys.isEmpty }

    /// Access by keys.
    ///
    /// - Parameters:
    ///   - keys: the keys; with any of them a request needs one, wherever it comes from.
    ///   - servesLoopback: whether, without keys, clients are served that ``LoopbackRule`` takes for ones on this host.
    init(keys: [String], servesLoopback: Bool) {
        self.keys = keys.map(Key.init)
        self.servesLoopback = servesLoopback
    }

    /// Decides about a request.
    ///
    /// - Parameters:
    ///   - head: its head; of the body nothing has to be read.
    ///   - peerAddress: the connection's other side.
    /// - Returns: the verdict.
    func verdict(on head: HTTPRequest, from peerAddress: String?) -> Verdict {
        guard !keys.isEmpty else {
            guard servesLoopback, let peerAddress, LoopbackRule.isDirect(head, from: peerAddress) else {
                return .forbidden
            }
            return .admitted(Caller(name: peerAddress))
        }
        guard let token = Self.bearerToken(head.headerFields[.authorization]) else {
            return .unauthorized(isKeyMissing: true)
        }
        return caller(with: token).map(Verdict.admitted) ?? .unauthorized(isKeyMissing: false)
    }

    /// Compares with every key; the time it takes does not show where they differ.
    private func caller(with token: String) -> Caller? {
        let given = Array(Digest.hex(Array(token.utf8)).utf8)
        var found: Caller?
        for key in keys where ConstantTime.areEqual(key.digest, given) { found = key.caller }
        return found
    }

    /// The token of `Bearer <token>`; the scheme's case does not matter (RFC 9110 section 11.1).
    private static func bearerToken(_ value: String?) -> String? {
        guard let value, let space = value.firstIndex(of: " "), value[..<space].lowercased() == "bearer" else {
            return nil
        }
        let token = value[space...].drop { $0 == " " }
        return token.isEmpty ? nil : String(token)
    }
}
