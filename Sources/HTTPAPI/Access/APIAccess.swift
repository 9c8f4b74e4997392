import Contracts
import HTTPTypes
import Vonage

/// Who may use the API: whoever has one of the keys; without keys, clients on this host (CONTRACT 5).
struct APIAccess: Sendable {
    /// Somebody who may.
    struct Caller: Hashable, Sendable {
        /// Tells callers apart, in the log and for the rate limit: a short digest of the key, or the address.
        let name: String
    }

    /// What is decided about a request.
    enum Verdict: Hashable, Sendable {
        case admitted(Caller)
        /// It has no key, or none of ours.
        case unauthorized(isKeyMissing: Bool)
        /// There are no keys, and it does not come from this host, or not directly.
        case forbidden
    }

    private struct Key: Sendable {
        /// Compared instead of the key itself, for it has the same length for all.
        let digest: [UInt8]
        let caller: Caller

        init(_ key: String) {
            let hex = Digest.hex(Array(key.utf8))
            digest = Array(hex.utf8)
            caller = Caller(name: "key-" + hex.prefix(8))
        }
    }

    private let keys: [Key]

    /// Whether there are keys, so that a request needs one.
    var hasKeys: Bool { !keys.isEmpty }

    /// Access by keys; with none of them, by the loopback rule.
    init(keys: [String]) {
        self.keys = keys.map(Key.init)
    }

    /// Decides about a request.
    ///
    /// - Parameters:
    ///   - head: its head; of the body nothing has to be read.
    ///   - peerAddress: the connection's other side.
    /// - Returns: the verdict.
    func verdict(on head: HTTPRequest, from peerAddress: String?) -> Verdict {
        guard !keys.isEmpty else {
            guard let peerAddress, LoopbackRule.isDirect(head, from: peerAddress) else { return .forbidden }
            return .admitted(Caller(name: peerAddress))
        }
        guard let token = Self.bearerToken(head.headerFields[.authorization]) else {
            return .unauthorized(isKeyMissing: true)
        }
        return caller(with: token).map(Verdict.admitted) ?? .unauthorized(isKeyMissing: false)
    }

    /// Compares with every key, in a time that tells nothing of where they differ.
    private func caller(with token: String) -> Caller? {
        let given = Array(Digest.hex(Array(token.utf8)).utf8)
        var found: Caller?
        for key in keys {
            var difference: UInt8 = 0
            for (one, other) in zip(key.digest, given) { difference |= one ^ other }
            if difference == 0 { found = key.caller }
        }
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

/// Whether a request was made on this host and by nobody in between.
///
/// A tunnel or a proxy on the same host connects from loopback too, but it names itself or the host that it was asked for.
/// A page in a browser on this host, made to connect to us by another site, is told by its `Host` or its `Origin`.
enum LoopbackRule {
    private static let hosts: Set<String> = ["localhost", "127.0.0.1", "[::1]"]
    /// The networks that loopback is.
    static let networks = ["127.0.0.0/8", "::1"].compactMap { CIDRBlock($0) }

    /// Applies the rule.
    ///
    /// - Parameters:
    ///   - head: the request's head.
    ///   - peerAddress: the connection's other side.
    /// - Returns: whether the request comes directly from this host.
    static func isDirect(_ head: HTTPRequest, from peerAddress: String) -> Bool {
        guard let peer = IPAddress(peerAddress), networks.contains(where: { $0.contains(peer) }),
            let host = head.authority, isLoopback(host),
            !head.headerFields.contains(where: { isForwarding($0.name.canonicalName) })
        else { return false }
        guard let origin = head.headerFields[.origin] else { return true }
        guard let scheme = origin.firstRange(of: "://") else { return false }
        return isLoopback(String(origin[scheme.upperBound...]))
    }

    /// Whether a host, with or without a port, is one of this host's own names.
    private static func isLoopback(_ authority: String) -> Bool {
        let authority = authority.lowercased()
        if hosts.contains(authority) { return true }
        guard let colon = authority.lastIndex(of: ":") else { return false }
        let port = authority[authority.index(after: colon)...]
        return UInt16(port) != nil && port.utf8.allSatisfy { (48...57).contains($0) }
            && hosts.contains(String(authority[..<colon]))
    }

    private static func isForwarding(_ name: String) -> Bool {
        name == "forwarded" || name.hasPrefix("x-forwarded-") || name == "x-real-ip" || name == "via" || name == "host"
    }
}
