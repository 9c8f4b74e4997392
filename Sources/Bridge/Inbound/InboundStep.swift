/// The places between two steps of a handset's message at which a process can end.
///
/// docs/compliance.md says what a repeat of the webhook finds; tests end the process at each by its name.
package enum InboundStep: String, Sendable, CaseIterable {
    case listChanged = "list-changed"
    case messagePublished = "message-published"
    case replyClaimed = "reply-claimed"
    case messageAnswered = "message-answered"
    case messageRemembered = "message-remembered"

    /// What is called after each step; an error simulates a crash there.
    package typealias Hook = @Sendable (InboundStep) throws -> Void
}
