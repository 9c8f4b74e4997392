/// The keys of this module's log lines, so that a misspelt one does not compile.
package enum VonageLogKey {
    /// The provider's id of a message.
    package static let messageUUID = "vonage.message_uuid"
    /// The HTTP status of an answer.
    package static let status = "vonage.status"
    /// The provider's `X-Request-Id`, which its support asks for.
    package static let requestID = "vonage.request_id"
    /// The `instance` of the provider's problem document, which its support asks for as well.
    package static let instance = "vonage.instance"
    /// Why there was no answer, in the HTTP library's words.
    package static let cause = "vonage.cause"
    /// What an answer was classified as.
    package static let answer = "vonage.answer"
}
