package import Contracts

/// A command as the broker delivered it, with the two ways to settle it.
package struct CommandDelivery: Sendable {
    /// Body and properties, and the exchange and routing key it was published with.
    package let message: BrokerMessage
    /// Whether the broker has delivered it before.
    package let isRedelivered: Bool
    /// Which connection delivered it; deliveries of an earlier one are void.
    package let connection: UInt64
    /// How many deliveries of that connection can be unsettled at a time; nil where this is not known.
    package let prefetch: Int?
    /// Acknowledges the delivery, whose command is carried out; false where its connection is gone, and it comes again.
    ///
    /// It may come again after true as well: an acknowledgement can be lost.
    package let ack: @Sendable () async -> Bool
    /// Returns the command, to be delivered again; does nothing once its connection is gone.
    package let giveBack: @Sendable () async -> Void

    /// A delivery with its answers.
    package init(
        message: BrokerMessage,
        isRedelivered: Bool,
        connection: UInt64,
        prefetch: Int? = nil,
        ack: @escaping @Sendable () async -> Bool,
        giveBack: @escaping @Sendable () async -> Void
    ) {
        self.message = message
        self.isRedelivered = isRedelivered
        self.connection = connection
        self.prefetch = prefetch
        self.ack = ack
        self.giveBack = giveBack
    }
}
