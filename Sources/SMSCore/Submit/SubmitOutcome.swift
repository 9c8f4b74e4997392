package import Contracts

/// What came of one request at the provider.
package enum SubmitOutcome: Hashable, Sendable {
    /// Taken; the provider's message id.
    case accepted(messageUUID: String)
    /// Not taken, and all sending holds for a while. No attempt of the command.
    case throttled(retryAfter: Duration)
    /// Refused for good.
    case refused(ProviderProblem)
    /// Not taken, because of the set-up: credentials, balance, account. No attempt of the command.
    case accountTrouble(ProviderProblem)
    /// Surely not taken; can be tried again.
    case unavailable(reason: String, ProviderProblem?)
    /// Written, and no answer came that says whether it was taken.
    case uncertain(reason: String, ProviderProblem?)

    /// A word from a closed set, for metrics and logs.
    package var label: String {
        switch self {
        case .accepted: "accepted"
        case .throttled: "throttled"
        case .refused: "refused"
        case .accountTrouble: "account_trouble"
        case .unavailable: "unavailable"
        case .uncertain: "uncertain"
        }
    }

    /// Every ``label``.
    package static let labels = ["accepted", "throttled", "refused", "account_trouble", "unavailable", "uncertain"]
}

/// What is handed to the provider.
package struct OutgoingSMS: Hashable, Sendable {
    package var to: PhoneNumber
    package var from: Sender
    package var text: String
    /// Leads a receipt back to the command.
    package var reference: String
    /// How long the provider may try, in whole seconds, 20 to 604,800; nil leaves it to the provider.
    package var ttlSeconds: Int?
    package var encoding: RequestedEncoding
    package var provider: ProviderOptions

    /// A message with everything the provider wants.
    package init(
        to: PhoneNumber,
        from: Sender,
        text: String,
        reference: String,
        ttlSeconds: Int?,
        encoding: RequestedEncoding,
        provider: ProviderOptions
    ) {
        self.to = to
        self.from = from
        self.text = text
        self.reference = reference
        self.ttlSeconds = ttlSeconds
        self.encoding = encoding
        self.provider = provider
    }
}
