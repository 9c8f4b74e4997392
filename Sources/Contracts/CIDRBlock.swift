/// A network in CIDR notation.
package struct CIDRBlock: Sendable, Hashable {
    /// The loopback networks (RFC 5735, RFC 4291): what a host is to itself.
    package static let loopback = ["127.0.0.0/8", "::1"].compactMap { CIDRBlock($0) }

    private let network: [UInt8]
    private let prefixLength: Int

    /// Reads a network; `nil` for anything else, and for a prefix longer than the address.
    ///
    /// - Parameter text: `192.0.2.0/24`, `2001:db8::/32`, or a single address.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, parts.count <= 2, let address = IPAddress(first) else { return nil }
        let bits = address.bytes.count * 8
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(parts[1]) else { return nil }
            // `::ffff:192.0.2.0/120` names an IPv4 network by its place in IPv6.
            let offset = bits == 32 && first.contains(":") ? 96 : 0
            guard (0...bits).contains(length - offset) else { return nil }
            prefixLength = length - offset
        } else {
            prefixLength = bits
        }
        network = address.bytes
    }

    /// Whether an address lies in this network.
    ///
    /// IPv4 and IPv6 never match each other.
    ///
    /// - Parameter address: the address to look for.
    /// - Returns: whether it is inside; host bits of the network as given are ignored.
    package func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == network.count else { return false }
        let whole = prefixLength / 8
        guard address.bytes.prefix(whole).elementsEqual(network.prefix(whole)) else { return false }
        let rest = prefixLength % 8
        guard rest > 0 else { return true }
        let shift = UInt8(8 - rest)
        return address.bytes[whole] >> shift == network[whole] >> shift
    }
}
