package import SMSCore

/// What the provider is answered, and with it whether it comes again: it repeats on 429 and 5xx, never on another 4xx.
package enum WebhookAnswer: Hashable, Sendable {
    /// 200: the event is with the broker, safely spooled, or a dead letter because it can never be published.
    case taken
    /// 401: forged.
    case forged
    /// 400: not understood, and kept among the dead letters where it says anything and there is an allowance left. With
    /// what was wrong, in words without personal data.
    case notUnderstood([String])
    /// 503 and `Retry-After`: come again, signed this time, or when there is room again.
    case comeAgain(after: Duration)
}

/// Takes webhooks, each with its answer; nothing is thrown, for every fault has an answer.
package protocol WebhookReceiver: Sendable {
    /// Handles one webhook, within 3 s.
    func receive(_ webhook: UnverifiedWebhook) async -> WebhookAnswer

    /// A request that may have been a webhook was turned away before it could be received: there was no connection for it,
    /// or its body was late, broken or too long.
    func missed() async
}
