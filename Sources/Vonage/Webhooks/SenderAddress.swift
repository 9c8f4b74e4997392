import Contracts
import SMSCore

/// Which address a request came from, and whether that is allowed.
struct SenderAddress: Sendable {
    /// Networks that webhooks may come from; empty allows every address.
    let allowed: [CIDRBlock]
    /// Networks of proxies whose `X-Forwarded-For` is trusted.
    let trustedProxies: [CIDRBlock]

    /// Finds the sender, as far as trusted proxies give it.
    ///
    /// - Parameter webhook: the request.
    /// - Returns: the sender's address, or `nil` when an entry that had to be trusted is not an address.
    func client(of webhook: UnverifiedWebhook) -> IPAddress? {
        IPAddress(
            client: webhook.peerAddress,
            forwardedFor: webhook.headers["x-forwarded-for"] ?? [],
            trustedProxies: trustedProxies
        )
    }

    /// Checks the sender against the allowed networks.
    ///
    /// - Parameter client: the sender, where known.
    /// - Returns: why it is refused; `nil` when it is allowed.
    func refusal(of client: IPAddress?) -> WebhookRefusal? {
        guard !allowed.isEmpty else { return nil }
        guard let client else { return .addressUnknown }
        return allowed.contains { $0.contains(client) } ? nil : .addressNotAllowed
    }
}
