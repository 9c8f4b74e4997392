import Contracts
import CoreMetrics
package import SMSCore

/// How webhooks change the suppression list: a handset's STOP and START, and the provider's report of an opt-out.
package struct InboundOptOuts: Sendable {
    private let store: any OptOutStore
    private let keywords: OptOutKeywords
    private let scope: OptOutScope
    private let announcer: OptOutAnnouncer

    /// The list, the words that change it, whom a STOP is for, and the announcer of the list's changes.
    package init(
        store: any OptOutStore,
        keywords: OptOutKeywords,
        scope: OptOutScope = .sender,
        announcer: OptOutAnnouncer
    ) {
        self.store = store
        self.keywords = keywords
        self.scope = scope
        self.announcer = announcer
    }

    /// What a message asks for by one of the keywords; nil for any other, and for a part of a long one.
    func wish(of message: InboundMessage) -> OptOutKeywords.Wish? {
        message.part == nil ? keywords.wish(in: message.text)?.wish : nil
    }

    /// Carries out what a message asks for.
    ///
    /// The list is on disk when this returns, before the message is published and the webhook answered. Which of
    /// several messages counts is decided by the provider's time, not by which comes first; a time in the future counts
    /// as now.
    ///
    /// - Returns: the number whose changes are to be published; nil when nothing was asked for.
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
                sender: scope == .all ? OptOut.everySender : sender,
                source: .keyword,
                keyword: keyword,
                messageUUID: message.messageUUID,
                at: moment
            )
            try await add(optOut, now: now)
        case .start:
            for sender in try await senders(of: number, writingTo: sender) {
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
        case .help:
            return nil
        }
        return number
    }

    /// For whom a START takes entries away: the sender that it was written to, and for all senders, where a STOP is for
    /// all, and the entry is not one that a person or the provider has made.
    private func senders(of number: String, writingTo sender: String) async throws -> [String] {
        guard scope == .all else { return [sender] }
        let forAll = try await store.optOut(of: number, sender: OptOut.everySender)
        return forAll.map { $0.source == .keyword } ?? true ? [sender, OptOut.everySender] : [sender]
    }

    /// Adds an opt-out when a receipt says that the handset has opted out.
    ///
    /// - Returns: the number whose changes are to be published; nil when it does not say so.
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

    /// Publishes the unpublished changes of a number, later if it cannot now.
    func announce(_ number: String) async {
        await announcer.announce(number)
    }

    private func add(_ optOut: OptOut, now: Timestamp) async throws {
        guard try await !store.add([optOut], isImport: false, now: now).isEmpty else { return }
        BridgeMetrics.optOuts("opt-out").increment()
    }
}
