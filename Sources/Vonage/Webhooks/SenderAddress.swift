/// Whose address a request came from, and whether that is welcome.
struct SenderAddress: Sendable {
    /// Networks that webhooks may come from; empty allows every address.
    let allowed: [CIDRBlock]
    /// Networks of proxies whose `X-Forwarded-For` is believed.
    let trustedProxies: [CIDRBlock]

    /// Finds the sender, as far as trusted proxies tell it.
    ///
    /// - Parameter webhook: the request.
    /// - Returns: the sender's address, or `nil` when an entry that had to be believed is no address.
    func client(of webhook: UnverifiedWebhook) -> IPAddress? {
        IPAddress(client: webhook.peerAddress, forwardedFor: webhook.forwardedFor, trustedProxies: trustedProxies)
    }

    /// Checks the sender against the allowed networks.
    ///
    /// - Parameter client: the sender, where known.
    /// - Returns: why it is refused; `nil` when it is welcome.
    func refusal(of client: IPAddress?) -> WebhookRefusal? {
        guard !allowed.isEmpty else { return nil }
        guard let client else { return .addressUnknown }
        return allowed.contains { $0.contains(client) } ? nil : .addressNotAllowed
    }
}

extension IPAddress {
    /// Finds a client: the connection's other side, or, while that is a trusted proxy, what it says it forwards for.
    ///
    /// The list is read from the right, for each proxy appends what it saw; whatever stands to the left of the first
    /// address that is no trusted proxy was written by that address, and may be invented.
    ///
    /// - Parameters:
    ///   - peer: the connection's other side; `nil` where it has none.
    ///   - forwardedFor: the values of all `X-Forwarded-For` headers, in the order of the request.
    ///   - trustedProxies: networks of proxies that are believed.
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
