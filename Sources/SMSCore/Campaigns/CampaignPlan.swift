package import Contracts

/// What a campaign's terms make of a recipient: pure, so that it can be looked at before anything is sent, and comes out
/// the same when its command is made.
package struct CampaignPlan: Sendable {
    /// Characters that are kept of what was written instead of a number.
    private static let writtenLimit = 64

    private let terms: CampaignTerms
    private let template: CampaignTemplate

    /// A plan for valid terms.
    package init(_ terms: CampaignTerms) {
        self.terms = terms
        template = CampaignTemplate(terms.text)
    }

    /// The recipient as the ledger takes it: its number normalised, its text rendered and counted.
    package func entry(of recipient: CampaignCommand.Recipient) -> CampaignEntry {
        if let problem = recipient.problem {
            return CampaignEntry(key: "!" + recipient.to, values: nil, error: Self.error([problem]))
        }
        let number: PhoneNumber
        switch PhoneNumberReader.read(recipient.to) {
        case .success(let read):
            number = read
        case .failure(let problem):
            let written = String(recipient.to.prefix(Self.writtenLimit))
            let named = Problem("to", #""\#(written)" \#(problem)"#)
            return CampaignEntry(key: "!" + written, values: nil, error: Self.error([named]))
        }
        let values = template.values(of: recipient)
        let problems = problems(of: template.render(values))
        guard problems.isEmpty else {
            return CampaignEntry(key: number.digits, values: nil, error: Self.error(problems))
        }
        return CampaignEntry(key: number.digits, values: values.isEmpty ? nil : values)
    }

    /// The body of a recipient's command.
    ///
    /// - Throws: only what JSON encoding throws.
    package func body(campaign: CommandID, to number: PhoneNumber, values: [String: String]?) throws -> [UInt8] {
        let text = template.render(values ?? [:])
        return try JSONBytes.encode(CampaignMessage(campaign: campaign, terms: terms, to: number.e164, text: text))
    }

    private func problems(of text: String) -> [Problem] {
        let count = text.unicodeScalars.count
        if count == 0 { return [Problem("text", "is empty with this recipient's values")] }
        let limit = SendCommand.Limit.textScalars
        if count > limit {
            return [Problem("text", "has \(count) characters with this recipient's values; the limit is \(limit)")]
        }
        guard let most = terms.maxSegments else { return [] }
        guard case .success(let plan) = TextPlan.plan(text, requested: .auto, smart: terms.smartEncoding),
            plan.segments > most
        else { return [] }
        return [Problem("text", "takes \(plan.segments) segments; max_segments is \(most)")]
    }

    private static func error(_ problems: [Problem]) -> EventError {
        let detail = problems.map { "\($0.field): \($0.problem)" }.joined(separator: "; ")
        return EventError(.invalid, detail: detail, problems: problems)
    }
}
