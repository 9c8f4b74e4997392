package import Contracts

/// So many in so long: a limit as it is configured.
package enum PaceLimit: Hashable, Sendable {
    /// What a limit counts.
    package enum Unit: Hashable, Sendable {
        /// Each message is one.
        case requests
        /// Each part of a message is one, as the provider bills them.
        case segments
    }

    /// As many as come.
    case unlimited
    /// At least 1 of `unit` in each `per`; anything less counts as unlimited.
    case limited(count: Int, per: Duration, unit: Unit)
}

/// The limits of single senders (`SEND_RATES`), which hold besides the account's.
package struct SenderLimits: Hashable, Sendable {
    /// Of those that were named.
    package var named: [Sender: PaceLimit]
    /// Of each sender that was not named (`*`); each has the limit for itself.
    package var others: PaceLimit

    /// Limits; without any every sender is unlimited.
    package init(named: [Sender: PaceLimit] = [:], others: PaceLimit = .unlimited) {
        self.named = named
        self.others = others
    }

    /// The limit of one sender.
    package func limit(of sender: Sender) -> PaceLimit { named[sender] ?? others }
}
