/// How a command ended, or that it is uncertain.
///
/// The last word of its event's type, and its routing key at `sms.outbound`.
package enum Outcome: String, Hashable, Sendable, CaseIterable, Codable {
    /// The provider took the message.
    case accepted
    /// The provider, or a rule about destinations, refused it for good.
    case rejected
    /// It was given up: retries exhausted, too old, or uncertain for good.
    case failed
    /// The recipient has opted out.
    case suppressed
    /// Its time was over before it could be sent.
    case expired
    /// It breaks a rule of the contract.
    case invalid
    /// It was cancelled before it was sent.
    case cancelled
    /// A request was written and no answer came. Published once; another outcome follows.
    case uncertain
}

/// What an `error` is about, in one word that programs can switch on (docs/asyncapi.yaml).
package enum ErrorCode: String, Hashable, Sendable, CaseIterable, Codable {
    case invalid
    case providerRejected = "provider_rejected"
    case retriesExhausted = "retries_exhausted"
    case tooOld = "too_old"
    case uncertain
    case optedOut = "opted_out"
    case destinationDenied = "destination_denied"
    case expired
    case cancelled
    case poison

    /// A short title for people.
    package var title: String {
        switch self {
        case .invalid: "The command breaks a rule"
        case .providerRejected: "The provider refused the message"
        case .retriesExhausted: "Every try failed"
        case .tooOld: "The command is too old"
        case .uncertain: "It is not known whether the message was sent"
        case .optedOut: "The recipient has opted out"
        case .destinationDenied: "The destination is not allowed"
        case .expired: "The command expired before it could be sent"
        case .cancelled: "The command was cancelled"
        case .poison: "The command could not be handled"
        }
    }
}
