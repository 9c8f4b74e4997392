internal import Contracts
internal import FoundationEssentials

/// The host of a server's URL.
enum ServerHost {
    private static let networks = ["127.0.0.0/8", "::1"].compactMap { CIDRBlock($0) }

    /// Whether a URL leads to this host by one of its own names; a name that merely resolves to it is none.
    ///
    /// - Parameter url: an absolute URL.
    /// - Returns: false too where no host can be read.
    static func isLoopback(_ url: String) -> Bool {
        guard let host = URL(string: url)?.host()?.lowercased() else { return false }
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        guard let address = IPAddress(bare) else { return bare == "localhost" || bare.hasSuffix(".localhost") }
        return networks.contains { $0.contains(address) }
    }
}
