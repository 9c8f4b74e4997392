package import SMSCore

/// The answer to the provider, which decides whether it repeats: it does on 429 and 5xx, never on another 4xx.
package enum WebhookAnswer: Hashable, Sendable {
    /// 200: the event is at the broker, spooled, or a dead letter because it can never be published.
    case taken
    /// 401: forged.
    case forged
    /// 400: not understood, and dead-lettered where it is not empty and the allowance is not used up. With what was
    /// wrong, in words without personal data.
    case notUnderstood([String])
    /// 503 and `Retry-After`: to be repeated, with a signature, or when there is room again.
    case comeAgain(after: Duration)
}

/// Takes webhooks and answers each; it throws nothing, because every failure has an answer.
package protocol WebhookReceiver: Sendable {
    /// Handles one webhook, within 3 s.
    func receive(_ webhook: UnverifiedWebhook) async -> WebhookAnswer

    /// A request that may have been a webhook was refused before it could be received: there was no connection for it,
    /// or its body was late, broken or too long.
    func missed() async
}
