import Contracts
import Logging
import SMSCore

/// The result of a webhook: the answer, the log line and the count follow from it.
enum HandledWebhook: Sendable {
    /// Forged, or unsigned where a signature is required.
    case refused(RefusedWebhook)
    /// Not understood, and dead-lettered.
    case notUnderstood([String])
    /// Not understood, and not kept either: there were too many of them.
    case notKept([String])
    /// It is empty, so there is nothing to keep.
    case empty
    /// Seen before; nothing was published.
    case repeated(uuid: String?, id: CommandID?)
    /// Its event is at the broker or in the spool, or a dead letter when it can never be published.
    case offered(Outlet.Offered, uuid: String?, id: CommandID?, status: String?)
    /// The spool is full.
    case full
    /// The store failed; with the reason.
    case failed(String)

    var answer: WebhookAnswer {
        switch self {
        case .refused(let refusal):
            switch refusal.answer {
            case .forged: .forged
            case .repeatLater: .comeAgain(after: .seconds(5))
            }
        case .notUnderstood(let problems), .notKept(let problems): .notUnderstood(problems)
        case .empty: .notUnderstood([Self.emptiness])
        case .repeated, .offered: .taken
        case .full: .comeAgain(after: .seconds(30))
        case .failed: .comeAgain(after: .seconds(5))
        }
    }

    private static let emptiness = "has neither a body nor parameters"

    /// Whether it has no log line of its own, because nothing else bounds how many there can be.
    var sharesItsLine: Bool {
        switch self {
        case .refused, .notKept, .empty: true
        case .notUnderstood, .repeated, .offered, .full, .failed: false
        }
    }

    /// Whether a receipt may have been refused; one that lacked its signature is repeated with it.
    var isGenuineAndLost: Bool {
        switch self {
        case .full, .failed: true
        case .refused(let refusal): refusal.mayBeGenuine
        case .notUnderstood, .notKept, .empty, .repeated, .offered: false
        }
    }

    /// Whether it is a receipt that was published or kept, which has a trace of its own.
    var isTakenReceipt: Bool {
        if case .offered(_, _, _, .some) = self { true } else { false }
    }

    /// A word from a closed set.
    var label: String {
        switch self {
        case .refused(let refusal): refusal.label
        case .notUnderstood: "not_understood"
        case .notKept: "not_kept"
        case .empty: "empty"
        case .repeated: "repeated"
        case .offered(.published, _, _, _): "published"
        case .offered(.deadLettered, _, _, _): "unpublishable"
        case .offered: "spooled"
        case .full: "spool_full"
        case .failed: "failed"
        }
    }

    /// Every ``label``.
    static let labels =
        ["published", "spooled", "unpublishable", "repeated", "not_understood", "not_kept", "empty"]
        + ["spool_full", "failed"] + RefusedWebhook.allCases.map(\.label)

    var level: Logger.Level {
        switch self {
        case .refused, .notUnderstood, .notKept, .empty: .warning
        case .offered(.deadLettered, _, _, _), .full, .failed: .error
        case .repeated, .offered: .info
        }
    }

    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [:]
        switch self {
        case .refused(let refusal):
            metadata[BridgeLogKey.error.rawValue] = "\(refusal.text)"
        case .empty:
            metadata[BridgeLogKey.problems.rawValue] = "\(Self.emptiness)"
        case .notUnderstood(let problems), .notKept(let problems):
            metadata[BridgeLogKey.problems.rawValue] = "\(problems.joined(separator: "; "))"
        case .repeated(let uuid, let id):
            metadata.name(uuid, id)
        case .offered(let place, let uuid, let id, let status):
            metadata.name(uuid, id)
            if case .deadLettered(let reason) = place { metadata[BridgeLogKey.error.rawValue] = "\(reason)" }
            if let status { metadata[BridgeLogKey.receipt.rawValue] = "\(status)" }
        case .full:
            metadata[BridgeLogKey.error.rawValue] = "the spool is full"
        case .failed(let reason):
            metadata[BridgeLogKey.error.rawValue] = "\(reason)"
        }
        return metadata
    }
}

extension Logger.Metadata {
    fileprivate mutating func name(_ uuid: String?, _ id: CommandID?) {
        if let uuid { self[BridgeLogKey.messageUUID.rawValue] = "\(uuid)" }
        if let id { self[BridgeLogKey.id.rawValue] = "\(id)" }
    }
}
