import Contracts
import HTTPTypes

/// Whether a request was made on this host, with nothing in between.
///
/// A tunnel or a proxy on the same host connects from loopback too, but most name themselves or the host that they were
/// asked for. One that forwards bytes alone does not, and passes: so the rule opens the API for development only.
/// A page in a browser on this host, made to connect here by another site, is recognised by its `Host` or its `Origin`.
enum LoopbackRule {
    private static let hosts: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    /// Applies the rule.
    ///
    /// - Returns: whether the request comes directly from this host.
    static func isDirect(_ head: HTTPRequest, from peerAddress: String) -> Bool {
        guard let peer = IPAddress(peerAddress), CIDRBlock.loopback.contains(where: { $0.contains(peer) }),
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
