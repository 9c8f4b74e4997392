import Contracts
import SMSCore

/// A decoded message of a campaign: which part of which campaign it is, or why it is not one.
enum CampaignEnvelope {
    case part(CampaignPart)
    /// No event can be published about it: it is dead-lettered.
    case unidentified(problems: [Problem])

    /// Decodes a message.
    ///
    /// - Parameters:
    ///   - delivery: what the broker delivered.
    ///   - policy: the names of the broker's parts and the default sender.
    ///   - now: the moment of reading.
    ///   - anonymousID: gives a campaign without an id a lasting one, by its body's digest.
    /// - Returns: the part, or why it has no id.
    /// - Throws: what `anonymousID` throws.
    static func open(
        _ delivery: CommandDelivery,
        policy: CampaignFlow.Policy,
        now: Timestamp,
        anonymousID: (_ digest: String, CommandDelivery) async throws -> CommandID
    ) async throws -> CampaignEnvelope {
        let message = delivery.message
        let digest = Digest.hex(message.body)
        var reading: CampaignCommand.Reading
        var isObject = true
        do throws(JSONProblem) {
            guard message.body.count <= 4 * CampaignCommand.Limit.bodyBytes else {
                throw JSONProblem("is \(message.body.count) bytes; the limit is \(CampaignCommand.Limit.bodyBytes)")
            }
            reading = try CampaignCommand.read(message.body, now: now)
        } catch {
            isObject = false
            reading = CampaignCommand.Reading(
                command: CampaignCommand(),
                problems: ProblemList([Problem("body", error.message)])
            )
        }
        if !reading.isPlaced {
            reading.command.part = 1
            reading.command.parts = 1
        }
        let isBadlySent = reading.problems.listed.contains { $0.field == "from" }
        if isObject, reading.command.terms.from == nil, policy.defaultSender == nil, !isBadlySent {
            reading.problems.add("from", "is required, since no default sender (VONAGE_NUMBER) is configured")
        }
        if let replyTo = message.properties.replyTo, policy.names.owns(replyTo) {
            reading.problems.add("reply_to", "must not name a queue of \(policy.names.prefix).*")
        }

        if let problem = message.properties.encodingProblem { reading.problems.add(problem.field, problem.problem) }

        // The id in several messages makes them one campaign.
        let isInParts = reading.command.parts > 1
        let written =
            isInParts
            ? reading.command.id ?? message.properties.messageID
            : message.properties.messageID ?? reading.command.id
        if let written {
            guard let id = CommandID(written) else {
                let problem = Problem("id", "must be 1 to 100 printable ASCII characters")
                return .unidentified(problems: [problem] + reading.problems.listed)
            }
            return .part(CampaignPart(id: id, isAnonymous: false, reading: reading, digest: digest, message: message))
        }
        if isInParts {
            let problem = Problem("id", "is required for a campaign in parts")
            return .unidentified(problems: [problem] + reading.problems.listed)
        }
        guard isObject, !reading.problems.listed.contains(where: { $0.field == "id" }) else {
            return .unidentified(problems: reading.problems.listed)
        }
        let id = try await anonymousID(digest, delivery)
        return .part(CampaignPart(id: id, isAnonymous: true, reading: reading, digest: digest, message: message))
    }
}

/// A message of a campaign that has an id.
struct CampaignPart: Sendable {
    let id: CommandID
    /// Whether the service gave it its id.
    let isAnonymous: Bool
    let number: Int
    let problems: ProblemList
    let recipients: [CampaignCommand.Recipient]
    /// Of the body.
    let digest: String
    let termsDigest: String
    let message: BrokerMessage
    private let terms: CampaignTerms
    private let parts: Int

    init(id: CommandID, isAnonymous: Bool, reading: CampaignCommand.Reading, digest: String, message: BrokerMessage) {
        self.id = id
        self.isAnonymous = isAnonymous
        self.digest = digest
        self.message = message
        number = reading.command.part
        parts = reading.command.parts
        terms = reading.command.terms
        termsDigest = terms.digest(parts: parts)
        problems = reading.problems
        recipients = reading.command.recipients
    }

    /// The number of its replay from the dead letters; 0 for none.
    var replay: Int { CopyMarks(message.properties.headers).replay }

    /// The campaign that begins with this part.
    func campaign(now: Timestamp) -> CampaignRecord {
        var campaign = CampaignRecord(id: id, terms: terms, parts: parts, now: now)
        campaign.replay = replay
        campaign.correlationID = message.properties.correlationID
        campaign.traceparent = message.properties.headers["traceparent"]?.text
        return campaign
    }

    /// Where the campaign's end is sent as a reply to this message.
    func reply(isReused: Bool) -> CampaignReply? {
        guard let replyTo = message.properties.replyTo, !replyTo.isEmpty else { return nil }
        return CampaignReply(replyTo: replyTo, correlationID: message.properties.correlationID, isReused: isReused)
    }

    /// The problem that this part is not like the others.
    func stray(in campaign: CampaignRecord) -> Problem {
        parts == campaign.parts
            ? Problem("part", "\(number) differs from another in more than its recipients")
            : Problem("parts", "is \(parts) in one part and \(campaign.parts) in another")
    }
}
