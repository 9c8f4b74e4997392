/// What the machine has its shell do.
extension PublisherStateMachine {
    /// How a publish ended.
    enum Outcome: Equatable {
        case confirmed
        case failed(AMQPError)
    }

    /// A publish that ended.
    struct Settled: Equatable {
        var id: ID
        var outcome: Outcome
    }

    /// What the shell does next.
    enum Step {
        /// Open a channel in confirm mode for this route, and report it with `opened`.
        case openChannel(route: Int)
        /// Write this on the channel given, whose tag is noted already.
        case write(OutgoingMessage, on: ChannelGeneration)
        /// Resume its caller: it cannot be written on this connection.
        case settle(Settled)
    }

    /// What an event led to.
    struct Effects: Equatable {
        var settled: [Settled] = []
        /// Channels that are no longer used.
        var channelsToClose: [ChannelGeneration] = []
    }
}
