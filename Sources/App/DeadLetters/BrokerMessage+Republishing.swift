package import Contracts

extension BrokerMessage.Properties {
    /// Headers that the broker writes, or (`CC`, `BCC`) takes for further routing keys: what is published again goes
    /// where it is published to, and nowhere else.
    private static let brokerHeaders: Set<String> = ["x-death", "x-delivery-count", "x-acquired-count", "CC", "BCC"]

    /// The headers without those that belong to the way the message has gone.
    package var headersOfPublisher: [String: BrokerMessage.HeaderValue] {
        headers.filter { name, _ in
            !(Self.brokerHeaders.contains(name) || name.hasPrefix("x-first-death-") || name.hasPrefix("x-last-death-"))
        }
    }
}
