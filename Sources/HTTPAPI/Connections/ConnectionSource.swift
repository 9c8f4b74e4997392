internal import Contracts

extension IPAddress {
    /// What one client has: an IPv4 address, or an IPv6 network of 64 bits.
    var clientNetwork: [UInt8] { bytes.count == 4 ? bytes : Array(bytes.prefix(8)) }
}

extension ConnectionSlots.Source {
    /// Finds where a connection comes from.
    ///
    /// - Parameters:
    ///   - peerAddress: its other side, without port; nil where it has none.
    ///   - localNetworks: the networks of this host.
    ///   - trustedProxies: the networks of proxies that stand for many.
    init(_ peerAddress: String?, localNetworks: [CIDRBlock], trustedProxies: [CIDRBlock]) {
        guard let peer = peerAddress.flatMap({ IPAddress($0) }) else {
            self = .network([])
            return
        }
        if localNetworks.contains(where: { $0.contains(peer) }) {
            self = .local
        } else if trustedProxies.contains(where: { $0.contains(peer) }) {
            self = .proxy
        } else {
            self = .network(peer.clientNetwork)
        }
    }
}
