import Contracts
import Logging
import Vonage

/// What became of a webhook: the answer, the log line and the count follow from it.
enum HandledWebhook: Sendable {
    /// Forged, or unsigned where a signature is required.
    case refused(RefusedWebhook)
    /// Not understood, and kept among the dead letters.
    case notUnderstood([String])
    /// Seen before; nothing was published.
    case repeated(uuid: String?, id: CommandID?)
    /// Its event is with the broker or in the spool, or a dead letter when it can never be published.
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
        case .notUnderstood(let problems): .notUnderstood(problems)
        case .repeated, .offered: .taken
        case .full: .comeAgain(after: .seconds(30))
        case .failed: .comeAgain(after: .seconds(5))
        }
    }

    /// The refusal, where it is one.
    var refusal: RefusedWebhook? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }

    /// Whether a receipt may have been turned away; one that lacked its signature is repeated with it.
    var isGenuineAndLost: Bool {
        switch self {
        case .full, .failed: true
        case .refused(let refusal): refusal.mayBeGenuine
        case .notUnderstood, .repeated, .offered: false
        }
    }

    /// A word from a closed set.
    var label: String {
        switch self {
        case .refused(let refusal): refusal.label
        case .notUnderstood: "not_understood"
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
        ["published", "spooled", "unpublishable", "repeated", "not_understood", "spool_full", "failed"]
        + RefusedWebhook.allCases.map(\.label)

    var level: Logger.Level {
        switch self {
        case .refused, .notUnderstood: .warning
        case .offered(.deadLettered, _, _, _), .full, .failed: .error
        case .repeated, .offered: .info
        }
    }

    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [:]
        switch self {
        case .refused(let refusal):
            metadata[BridgeLogKey.error.rawValue] = "\(refusal.text)"
        case .notUnderstood(let problems):
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

extension RefusedWebhook {
    /// Whether the provider may have sent what was refused: it is asked to come again although it was signed, or its
    /// signature had fitted one of our secrets before something else did not.
    fileprivate var mayBeGenuine: Bool {
        switch reason {
        case .bodyHashWrong, .issuerWrong, .tooOld: true
        case .signatureMissing: false
        case .addressNotAllowed, .addressUnknown, .tokenMissing, .tokenWrong, .signatureMalformed, .algorithmRefused,
            .signatureWrong, .signatureUnproven:
            answer == .repeatLater
        }
    }
}

extension Logger.Metadata {
    fileprivate mutating func name(_ uuid: String?, _ id: CommandID?) {
        if let uuid { self[BridgeLogKey.messageUUID.rawValue] = "\(uuid)" }
        if let id { self[BridgeLogKey.id.rawValue] = "\(id)" }
    }
}

extension ReceiptError {
    init(_ problem: VonageStatusReport.Problem) {
        self.init(code: problem.code, title: problem.title, detail: problem.detail, instance: problem.instance)
    }
}

extension VerifiedWebhook {
    /// The query without `token`, which is a secret.
    var queryWithoutToken: String {
        query.split(separator: "&").filter { !$0.hasPrefix("token=") }.joined(separator: "&")
    }
}
