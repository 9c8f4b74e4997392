package import SMSCore

/// Takes what happened to commands and webhooks, for traces.
///
/// It is called on the paths themselves, so that nothing in it waits. Where traces are off there is none.
package protocol TraceSink: Sendable {
    /// A request at the provider has ended; the record has the attempt.
    func attempted(_ record: MessageRecord, _ outcome: SubmitOutcome, took duration: Duration)

    /// The outcome of a command has been published.
    func ended(_ record: MessageRecord)

    /// A receipt was published, or put into the spool; its record is nil where the service did not send the message.
    func received(_ receipt: SeenReceipt, of record: MessageRecord?)

    /// A webhook was answered that was not such a receipt; the result is a word as in the metric `webhooks_total`.
    func answered(_ kind: WebhookKind, _ result: String, took duration: Duration)
}
