/// All that a page shows when it opens, or when it has missed something.
struct PageSnapshot: Encodable {
    /// The latest requests to send, oldest first.
    let requests: [PageRequest]
    /// The latest messages from handsets, oldest first.
    let inbound: [ListedInbound]
    /// The rules in force.
    let faults: [FaultRule]
    /// Whether handsets can write: the simulator knows where webhooks go.
    let postsWebhooks: Bool
    let counts: PageCounts

    private enum CodingKeys: String, CodingKey {
        case requests, inbound, faults, counts
        case postsWebhooks = "posts_webhooks"
    }
}

/// What has happened since the page was sent something.
struct PageChanges: Encodable {
    /// New requests to send, oldest first.
    let requests: [PageRequest]
    /// New attempts to deliver webhooks, oldest first.
    let webhooks: [SimulatedWebhook]
    /// New messages from handsets, oldest first.
    let inbound: [ListedInbound]
    /// The rules in force, where they have changed.
    let faults: [FaultRule]?
    let counts: PageCounts
}

/// How much there was since the last clearing, and how much of it the page was not sent.
struct PageCounts: Encodable {
    /// How many requests to send.
    let requests: Int
    /// How many messages, accepted requests.
    let messages: Int
    /// How many requests this batch leaves out.
    let leftOut: Int

    private enum CodingKeys: String, CodingKey {
        case requests, messages
        case leftOut = "left_out"
    }
}

/// A request to send, and the message that it became.
struct PageRequest: Encodable {
    private let request: SimulatedRequest
    private let message: ListedMessage?

    private enum Key: String, CodingKey { case message }

    init(_ request: SimulatedRequest, _ message: ListedMessage?) {
        self.request = request
        self.message = message
    }

    func encode(to encoder: any Encoder) throws {
        try request.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(message, forKey: .message)
    }
}
