import Contracts
import Logging
import SMSCore

/// How the result of a request appears in counts and log lines.
extension SubmitOutcome {
    /// Whether it counts among the command's attempts: a 429, the set-up's trouble, and a probe that found the provider
    /// still unavailable do not.
    func countsAsAttempt(isProbe: Bool) -> Bool {
        switch self {
        case .throttled, .accountTrouble: false
        case .unavailable: !isProbe
        case .accepted, .refused, .uncertain: true
        }
    }

    /// Why the provider did not take it, in a line; `accepted` where it did.
    var failure: String {
        switch self {
        case .accepted: label
        case .throttled: "429, too many requests: no attempt"
        case .refused(let problem): problem.line
        case .accountTrouble(let problem): "the account or the set-up, no attempt: \(problem.line)"
        case .unavailable(let reason, let problem), .uncertain(let reason, let problem):
            (problem?.status).map { "\($0), \(reason)" } ?? reason
        }
    }

    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [BridgeLogKey.result.rawValue: "\(label)"]
        switch self {
        case .accepted(let uuid):
            metadata[BridgeLogKey.messageUUID.rawValue] = "\(uuid)"
        case .throttled(let retryAfter):
            metadata[BridgeLogKey.waitMS.rawValue] = .stringConvertible(retryAfter.wholeMilliseconds)
        case .refused(let problem), .accountTrouble(let problem):
            metadata.merge(problem.metadata) { $1 }
        case .unavailable(let reason, let problem), .uncertain(let reason, let problem):
            metadata[BridgeLogKey.error.rawValue] = "\(reason)"
            if let problem { metadata.merge(problem.metadata) { $1 } }
        }
        return metadata
    }
}

extension ProviderProblem {
    /// The status and what the provider says, in a line.
    fileprivate var line: String {
        [status.map { "\($0)" }, detail ?? title].compactMap(\.self).joined(separator: ", ")
    }

    /// The status and the provider's trace id; its sentences may hold numbers and stay out of the log.
    fileprivate var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [:]
        if let status { metadata[BridgeLogKey.status.rawValue] = .stringConvertible(status) }
        if let instance { metadata[BridgeLogKey.requestID.rawValue] = "\(instance)" }
        return metadata
    }
}

extension MessageRecord {
    var metadata: Logger.Metadata { [BridgeLogKey.id.rawValue: "\(id)"] }
}

extension OpenedCommand {
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [BridgeLogKey.id.rawValue: "\(id)"]
        if let correlationID = situation.correlationID {
            metadata[BridgeLogKey.correlationID.rawValue] = "\(correlationID)"
        }
        return metadata
    }
}
