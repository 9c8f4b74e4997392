/// Which RabbitMQ this is, as it says at login.
struct BrokerVersion: Equatable {
    let major: Int
    let minor: Int

    /// Reads the server's properties; nil where they are not RabbitMQ's.
    init?(_ properties: AMQPTable) {
        guard properties["product"]?.stringValue == "RabbitMQ", let text = properties["version"]?.stringValue else {
            return nil
        }
        let numbers = text.split(separator: ".").prefix(2).compactMap { Int($0) }
        guard numbers.count == 2 else { return nil }
        major = numbers[0]
        minor = numbers[1]
    }

    /// Whether a channel whose first publish met a quorum queue without a leader refuses everything from then on.
    ///
    /// Seen on 3.10.8; `rabbit_fifo_client` asks a single node whether it may begin. Later versions try all members.
    var hasStickyNacks: Bool { (major, minor) < (3, 12) }
}
