/// An IP address as its bytes: 4 of IPv4, 16 of IPv6.
///
/// An IPv4 address mapped into IPv6 (`::ffff:192.0.2.1`) counts as IPv4.
package struct IPAddress: Sendable, Hashable {
    /// 4 or 16 bytes in network order.
    package let bytes: [UInt8]

    /// Reads an address; `nil` for anything else.
    ///
    /// - Parameter text: dotted IPv4, or IPv6 with or without brackets and zone. No port, no blanks.
    package init?(_ text: some StringProtocol) {
        var text = text[...]
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        if let v4 = Self.ipv4(text) {
            bytes = v4
            return
        }
        guard let v6 = Self.ipv6(text.prefix { $0 != "%" }) else { return nil }
        let isMapped = v6.prefix(10).allSatisfy { $0 == 0 } && v6[10] == 0xff && v6[11] == 0xff
        bytes = isMapped ? Array(v6[12...]) : v6
    }

    /// Reads an entry of `X-Forwarded-For`, which may carry a port (`192.0.2.1:4711`, `[2001:db8::1]:4711`) and blanks;
    /// `nil` when it is not an address.
    ///
    /// - Parameter entry: one entry of the list.
    package init?(forwarded entry: some StringProtocol) {
        let entry = entry.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
        if let address = IPAddress(entry) {
            self = address
        } else if let colon = entry.lastIndex(of: ":"), let address = IPAddress(entry[..<colon]) {
            self = address
        } else {
            return nil
        }
    }

    private static func ipv4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            // A leading zero is octal to some readers and decimal to others: refused.
            guard part.utf8.allSatisfy({ (48...57).contains($0) }), part.count == 1 || part.first != "0",
                let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func ipv6(_ text: some StringProtocol) -> [UInt8]? {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        switch halves.count {
        case 1:
            guard let bytes = groups(halves[0]), bytes.count == 16 else { return nil }
            return bytes
        case 2:
            guard let head = halves[0].isEmpty ? [] : groups(halves[0], mayEndInIPv4: false),
                let tail = halves[1].isEmpty ? [] : groups(halves[1]), head.count + tail.count <= 14
            else { return nil }
            return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
        default:
            return nil
        }
    }

    private static func groups(_ text: some StringProtocol, mayEndInIPv4: Bool = true) -> [UInt8]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, let v4 = ipv4(part) {
                bytes += v4
            } else if (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHex),
                let group = UInt16(part, radix: 16)
            {
                bytes += [UInt8(group >> 8), UInt8(group & 0xff)]
            } else {
                return nil
            }
        }
        return bytes
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default:
            false
        }
    }
}

extension IPAddress {
    /// Finds a client: the connection's other side, or, while that is a trusted proxy, what it says it forwards for.
    ///
    /// The list is read from the right, for each proxy appends what it saw; whatever stands to the left of the first
    /// address that is not a trusted proxy was written by that address, and may be invented.
    ///
    /// - Parameters:
    ///   - peer: the connection's other side; `nil` where it has none.
    ///   - forwardedFor: the values of all `X-Forwarded-For` headers, in the order of the request.
    ///   - trustedProxies: networks of proxies that are trusted.
    package init?(client peer: String?, forwardedFor: [String], trustedProxies: [CIDRBlock]) {
        guard let peer, var current = IPAddress(peer) else { return nil }
        for entry in forwardedFor.flatMap({ $0.split(separator: ",") }).reversed() {
            guard trustedProxies.contains(where: { $0.contains(current) }) else { break }
            guard let previous = IPAddress(forwarded: entry) else { return nil }
            current = previous
        }
        self = current
    }
}
