package import Contracts

/// So many in so long.
package enum Rate: Hashable, Sendable {
    /// What a rate counts.
    package enum Unit: Hashable, Sendable {
        case requests
        /// Parts of long messages, as the provider bills them.
        case segments
    }

    case unlimited
    /// At least 1 of `unit` in each `per`.
    case limited(count: Int, per: Duration, unit: Unit)
}

/// The limits of single senders.
package struct SenderRates: Hashable, Sendable {
    /// Of those that were named.
    package var named: [Sender: Rate]
    /// Of each sender that was not named.
    package var others: Rate

    /// Limits; without any every sender is unlimited.
    package init(named: [Sender: Rate] = [:], others: Rate = .unlimited) {
        self.named = named
        self.others = others
    }
}
