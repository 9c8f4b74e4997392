/// A message on its way out.
///
/// Immutable, shared by reference so that it is not copied at each step.
final class OutgoingMessage: Sendable {
    let exchange: String
    let routingKey: String
    let isMandatory: Bool
    let message: AMQPMessage
    /// The bytes of its header frame.
    let headerFrameSize: Int

    init(_ message: AMQPMessage, exchange: String, routingKey: String, isMandatory: Bool) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.isMandatory = isMandatory
        self.message = message
        headerFrameSize = message.properties.headerFrameSize
    }
}

extension OutgoingMessage {
    /// Whether the broker's text is about this message and no other, as where a right to a topic is missing.
    func isNamed(in text: String) -> Bool {
        let name = exchange.isEmpty ? "amq.default" : exchange
        return text.contains("topic '\(routingKey)' in exchange '\(name)'")
    }
}
