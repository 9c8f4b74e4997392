extension SlotScheduler {
    /// The limits, from configuration.
    package struct Configuration: Hashable, Sendable {
        /// Requests under way at once, at least 1: `SEND_CONCURRENCY`, default 64.
        package var concurrency: Int
        /// Of the whole account: `SEND_RATE`, default 30 requests a second.
        package var rate: PaceLimit
        /// Of single senders: `SEND_RATES`, default none.
        package var senders: SenderLimits
        /// How far ahead a sender's slot may be to be waited for inside; default 2 s.
        package var patience: Duration
        /// How long a request may wait inside, well below the broker's consumer timeout of 30 min; default 10 min.
        package var longestStay: Duration
        /// How long one that waited so long stays away; default 30 s.
        package var absence: Duration
        /// How long before its slot a message may be granted; default 0.
        ///
        /// It gives time to write the intent before the slot comes. A caller that sets it waits for the slot before the
        /// request.
        package var lead: Duration

        /// Whether no slot costs anything, because neither the account nor any sender has a limit.
        package var isUnlimited: Bool {
            ([rate, senders.others] + senders.named.values).allSatisfy { $0 == .unlimited }
        }

        /// Limits; the defaults are the contract's.
        package init(
            concurrency: Int = 64,
            rate: PaceLimit = .limited(count: 30, per: .seconds(1), unit: .requests),
            senders: SenderLimits = SenderLimits(),
            patience: Duration = .seconds(2),
            longestStay: Duration = .seconds(600),
            absence: Duration = .seconds(30),
            lead: Duration = .zero
        ) {
            self.concurrency = concurrency
            self.rate = rate
            self.senders = senders
            self.patience = patience
            self.longestStay = longestStay
            self.absence = absence
            self.lead = lead
        }
    }
}
