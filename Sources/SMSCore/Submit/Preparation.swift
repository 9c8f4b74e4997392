package import Contracts

/// A command that may be sent: everything the provider wants, and what the events carry.
package final class PreparedCommand: Hashable, Sendable {
    package let sms: OutgoingSMS
    package let facts: MessageFacts
    package let onUncertain: OnUncertain
    /// Its own window; nil for that of `SEND_WINDOWS`, or none.
    package let window: SendWindow?

    fileprivate init(sms: OutgoingSMS, facts: MessageFacts, onUncertain: OnUncertain, window: SendWindow?) {
        self.sms = sms
        self.facts = facts
        self.onUncertain = onUncertain
        self.window = window
    }

    package static func == (left: PreparedCommand, right: PreparedCommand) -> Bool {
        left.sms == right.sms && left.facts == right.facts && left.onUncertain == right.onUncertain
            && left.window == right.window
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(sms)
        hasher.combine(facts)
    }
}

/// Holds a command that was read against the rules that need more than one field: sender, encoding, segments.
package enum Preparation: Hashable, Sendable {
    /// It may be sent.
    case ready(PreparedCommand)
    /// It breaks rules; all of them are listed, and the facts hold only what was valid.
    indirect case invalid(MessageFacts, [Problem])

    /// Prepares a command.
    ///
    /// - Parameters:
    ///   - reading: the body as it was read, with the problems found so far.
    ///   - id: the command's id, from which the provider's `client_ref` is made.
    ///   - defaultSender: `VONAGE_NUMBER`.
    ///   - further: problems of the message around the body, such as its `reply_to`.
    /// - Returns: the command, ready to be sent, or every problem it has.
    package static func of(
        _ reading: SendCommand.Reading,
        id: CommandID,
        defaultSender: Sender?,
        further: [Problem] = []
    ) -> Preparation {
        let command = reading.command
        var problems = further + reading.problems
        var facts = MessageFacts()
        facts.to = command.to?.e164
        facts.clientRef = command.clientRef
        facts.metadata = command.metadata
        facts.campaignID = command.campaignID
        facts.sendAt = command.sendAt
        facts.expiresAt = command.expiresAt
        facts.warnings = reading.warnings.isEmpty ? nil : reading.warnings

        let namedBadly = problems.contains { $0.field == "from" }
        let from = command.from ?? (namedBadly ? nil : defaultSender)
        facts.from = from?.display
        if from == nil, !namedBadly {
            problems.append(Problem("from", "is required, since no default sender (VONAGE_NUMBER) is configured"))
        }

        var plan: TextPlan?
        if let text = command.text {
            switch TextPlan.plan(text, requested: command.encoding, smart: command.smartEncoding) {
            case .success(let planned):
                plan = planned
                facts.segments = planned.segments
                facts.encoding = planned.encoding.rawValue
                facts.replaced = planned.replaced.isEmpty ? nil : planned.replaced
                if let limit = command.maxSegments, planned.segments > limit {
                    problems.append(Problem("text", "takes \(planned.segments) segments; max_segments is \(limit)"))
                }
            case .failure(let unencodable):
                let offending = unencodable.offending
                let listed = offending.prefix(10).map { "\($0.named) at \($0.offset)" }.joined(separator: ", ")
                let more = offending.count > 10 ? " and \(offending.count - 10) more" : ""
                problems.append(
                    Problem("text", "has characters outside GSM-7, which encoding \"text\" forbids: \(listed)\(more)")
                )
            }
        }

        guard problems.isEmpty, let to = command.to, let from, let plan else { return .invalid(facts, problems) }
        let sms = OutgoingSMS(
            to: to,
            from: from,
            text: plan.text,
            reference: id.reference,
            ttlSeconds: nil,
            encoding: command.encoding,
            provider: command.provider
        )
        return .ready(PreparedCommand(sms: sms, facts: facts, onUncertain: command.onUncertain, window: command.window))
    }
}

extension PreparedCommand {
    /// Whether `expires_at` has passed, so that it must not be sent any more.
    package func isOver(at now: Timestamp) -> Bool { facts.expiresAt.map { $0 <= now } ?? false }

    /// The command with another end of its time; nil for none.
    fileprivate func expiring(at expiry: Timestamp?) -> PreparedCommand {
        guard expiry != facts.expiresAt else { return self }
        var facts = facts
        facts.expiresAt = expiry
        return PreparedCommand(sms: sms, facts: facts, onUncertain: onUncertain, window: window)
    }
}

extension Preparation {
    /// The command with another end of its time; nil for none.
    package func expiring(at expiry: Timestamp?) -> Preparation {
        switch self {
        case .ready(let prepared):
            return .ready(prepared.expiring(at: expiry))
        case .invalid(var facts, let problems):
            facts.expiresAt = expiry
            return .invalid(facts, problems)
        }
    }

    /// The command that is over at a moment at the latest; nil changes nothing.
    package func expiring(by deadline: Timestamp?) -> Preparation {
        guard let deadline else { return self }
        let written: Timestamp? =
            switch self {
            case .ready(let prepared): prepared.facts.expiresAt
            case .invalid(let facts, _): facts.expiresAt
            }
        return expiring(at: min(deadline, written ?? deadline))
    }
}

extension OutgoingSMS {
    /// The message with what is left of its time: at most 604,800 s, left out when under 20 s (docs/asyncapi.yaml).
    package func expiring(at expiry: Timestamp?, now: Timestamp) -> OutgoingSMS {
        var sms = self
        sms.ttlSeconds = nil
        if let expiry {
            let seconds = (expiry - now).components.seconds
            if seconds >= 20 { sms.ttlSeconds = Int(min(seconds, 604_800)) }
        }
        return sms
    }
}
