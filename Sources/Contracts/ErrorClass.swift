/// What to do about a provider's error, in one word that programs can switch on (docs/errors.md).
package enum ErrorClass: String, Hashable, Sendable, CaseIterable, Codable {
    /// Send it again later, as a new command: the cause passes by itself.
    case later
    /// The account or its set-up needs attention; no other recipient would fare better.
    case account
    /// This recipient cannot be reached, or does not want to be; sending again changes nothing.
    case recipient
    /// What was sent needs another text, sender or parameter.
    case content
    /// A protection against fraud has stopped it.
    case fraud
    /// The cause is not known, or the code is not in the provider's table: do not send again by program.
    case unknown
}

/// How far a status can be relied on.
package enum Certainty: String, Hashable, Sendable, CaseIterable, Codable {
    /// The provider reports a failure, and the handset may have the message all the same, or a part of it.
    case unknown
}
