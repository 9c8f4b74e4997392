package import Contracts
import CoreMetrics
package import SMSCore
import Vonage

/// What webhooks do to the suppression list: a handset's STOP and START, and the provider's word that somebody opted out.
package struct InboundOptOuts: Sendable {
    /// Errors of receipts that mean that the handset has opted out: of the Messages API, and of the older SMS API.
    private static let providerCodes: Set<String> = ["1240", "9"]

    private let store: any OptOutStore
    private let keywords: OptOutKeywords
    private let events: OptOutEvents

    /// The list, and the words that change it.
    package init(store: any OptOutStore, keywords: OptOutKeywords, names: BrokerNames) {
        self.store = store
        self.keywords = keywords
        self.events = OptOutEvents(names: names)
    }

    /// Does what a message asks for.
    ///
    /// The list is on disk when this returns, before the event is published and the webhook answered. A repeat of the
    /// webhook finds the entry and tells it again, under the same id.
    ///
    /// - Returns: the event that tells the change; nil when nothing was asked for or nothing changed.
    /// - Throws: what the store throws.
    func apply(_ message: VonageInboundMessage, now: Timestamp) async throws -> BrokerMessage? {
        guard message.part == nil, let (wish, keyword) = keywords.wish(in: message.text) else { return nil }
        let number = WebhookEvents.display(message.from)
        let sender = WebhookEvents.display(message.to)
        switch wish {
        case .stop:
            return try await add(
                OptOut(
                    number: number,
                    sender: sender,
                    source: .keyword,
                    keyword: keyword,
                    messageUUID: message.messageUUID,
                    at: now
                ),
                now: now
            )
        case .start:
            guard let removed = try await store.removeOptOut(of: number, sender: sender) else { return nil }
            BridgeMetrics.optOuts("opt-in").increment()
            return try events.optedIn(
                removed,
                by: .keyword,
                keyword: keyword,
                messageUUID: message.messageUUID,
                now: now
            )
        }
    }

    /// Believes a receipt that says that the handset has opted out.
    ///
    /// - Returns: the event that tells the change; nil when there is none.
    /// - Throws: what the store throws.
    func apply(_ report: VonageStatusReport, now: Timestamp) async throws -> BrokerMessage? {
        guard let code = report.problem?.code, Self.providerCodes.contains(code), !report.from.isEmpty else {
            return nil
        }
        return try await add(
            OptOut(
                number: WebhookEvents.display(report.to),
                sender: WebhookEvents.display(report.from),
                source: .provider,
                messageUUID: report.messageUUID,
                at: now
            ),
            now: now
        )
    }

    private func add(_ optOut: OptOut, now: Timestamp) async throws -> BrokerMessage? {
        if try await store.add(optOut) {
            BridgeMetrics.optOuts("opt-out").increment()
            return try events.optedOut(optOut, now: now)
        }
        // It may be there because this webhook came before and was not answered.
        guard let known = try await store.optOut(of: optOut.number, sender: optOut.sender),
            known.messageUUID == optOut.messageUUID
        else { return nil }
        return try events.optedOut(known, now: now)
    }
}
