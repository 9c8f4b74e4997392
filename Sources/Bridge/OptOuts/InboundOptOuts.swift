import Contracts
import CoreMetrics
package import SMSCore

/// What webhooks do to the suppression list: a handset's STOP and START, and the provider's word that somebody opted out.
package struct InboundOptOuts: Sendable {
    private let store: any OptOutStore
    private let keywords: OptOutKeywords
    private let announcer: OptOutAnnouncer

    /// The list, the words that change it, and who tells of it.
    package init(store: any OptOutStore, keywords: OptOutKeywords, announcer: OptOutAnnouncer) {
        self.store = store
        self.keywords = keywords
        self.announcer = announcer
    }

    /// Does what a message asks for.
    ///
    /// The list is on disk when this returns, before the message is published and the webhook answered. Which of several
    /// messages counts is decided by the provider's time, not by which comes first; one from the future is from now.
    ///
    /// - Returns: the number whose changes are to be told; nil when nothing was asked for.
    /// - Throws: what the store throws.
    func apply(_ message: InboundMessage, now: Timestamp) async throws -> String? {
        guard message.part == nil, let (wish, keyword) = keywords.wish(in: message.text) else { return nil }
        let number = WebhookEvents.display(message.from)
        let sender = WebhookEvents.display(message.to)
        let moment = min(message.timestamp ?? now, now)
        switch wish {
        case .stop:
            let optOut = OptOut(
                number: number,
                sender: sender,
                source: .keyword,
                keyword: keyword,
                messageUUID: message.messageUUID,
                at: moment
            )
            try await add(optOut, now: now)
        case .start:
            let optIn = OptIn(
                number: number,
                sender: sender,
                source: .keyword,
                keyword: keyword,
                messageUUID: message.messageUUID,
                at: moment
            )
            if try await store.remove(optIn, now: now) != nil { BridgeMetrics.optOuts("opt-in").increment() }
        }
        return number
    }

    /// Believes a receipt that says that the handset has opted out.
    ///
    /// - Returns: the number whose changes are to be told; nil when it says nothing of the kind.
    /// - Throws: what the store throws.
    func apply(_ report: ReceiptReport, now: Timestamp) async throws -> String? {
        guard report.saysOptedOut, !report.from.isEmpty else { return nil }
        let optOut = OptOut(
            number: WebhookEvents.display(report.to),
            sender: WebhookEvents.display(report.from),
            source: .provider,
            messageUUID: report.messageUUID,
            at: now
        )
        try await add(optOut, now: now)
        return optOut.number
    }

    /// Tells what is to be told of a number; what cannot be told now is told later.
    func announce(_ number: String) async {
        await announcer.announce(number)
    }

    private func add(_ optOut: OptOut, now: Timestamp) async throws {
        guard try await !store.add([optOut], isImport: false, now: now).isEmpty else { return }
        BridgeMetrics.optOuts("opt-out").increment()
    }
}
