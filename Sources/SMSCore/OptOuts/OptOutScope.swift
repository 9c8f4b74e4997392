/// Whom a handset's STOP is for: `OPT_OUT_SCOPE`.
package enum OptOutScope: String, Hashable, Sendable, CaseIterable {
    /// The number that it was sent to.
    case sender
    /// All senders.
    case all
}
