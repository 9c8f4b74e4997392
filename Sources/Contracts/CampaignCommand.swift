/// What a `campaign` message asks for, as far as it could be read (docs/asyncapi.yaml).
package struct CampaignCommand: Hashable, Sendable {
    /// The body's own `id`.
    package var id: String?
    package var terms: CampaignTerms
    /// Which part of the campaign this message is, from 1.
    package var part: Int
    /// In how many messages the campaign comes.
    package var parts: Int
    package var recipients: [Recipient]

    /// A campaign with nothing in it yet, in one part.
    package init() {
        terms = CampaignTerms()
        part = 1
        parts = 1
        recipients = []
    }

    /// One recipient of a campaign, with the fields of its template.
    package struct Recipient: Hashable, Sendable {
        /// The number as it was written, which may not be one; of a recipient without any, its place in the message.
        package let to: String
        /// The recipient's other fields.
        package let fields: [String: JSONValue]
        /// Why nothing in it can be read as a number.
        package let problem: Problem?

        /// A recipient with fields for the text's variables.
        package init(to: String, fields: [String: JSONValue] = [:]) {
            self.to = to
            self.fields = fields
            problem = nil
        }

        /// A recipient that has no number in a string.
        ///
        /// - Parameters:
        ///   - place: where it stands, as `recipients[3]`; the same for the same message.
        ///   - problem: what it has instead.
        package init(place: String, problem: Problem) {
            self.to = place
            self.fields = [:]
            self.problem = problem
        }
    }
}

/// What is the same in every part of a campaign: all but the recipients.
package struct CampaignTerms: Hashable, Sendable, Codable {
    /// The text with its variables; empty once the campaign is over.
    package var text: String
    /// The sender as events show it.
    package var from: String?
    package var sendAt: Timestamp?
    package var expiresAt: Timestamp?
    package var smartEncoding: Bool
    package var maxSegments: Int?
    /// When handsets may be written to; nil for `SEND_WINDOWS`.
    package var window: SendWindow?
    package var metadata: [String: String]?
    /// Fields that were ignored and look like misspelt ones; nil when there are none.
    package var warnings: [Problem]?

    /// Terms with nothing in them yet.
    package init() {
        text = ""
        smartEncoding = false
    }

    /// SHA-256 of the terms and the number of parts, so that a part of this campaign differs from one of another.
    package func digest(parts: Int) -> String {
        let json = (try? JSONBytes.encode(self)) ?? []
        return Digest.hex(json + Array("/\(parts)".utf8))
    }
}

/// Problems, of which only the first hundred are kept, and how many there are.
package struct ProblemList: Hashable, Sendable, Codable {
    /// How many are kept.
    package static let limit = 100

    package private(set) var listed: [Problem] = []
    package private(set) var count = 0

    /// No problems.
    package init() {}

    /// Some problems.
    package init(_ problems: [Problem]) {
        add(problems)
    }

    /// Problems of which some may have been left out already.
    package init(_ problems: [Problem], count: Int) {
        add(problems)
        self.count = max(count, self.count)
    }

    package var isEmpty: Bool { count == 0 }

    /// Adds a problem.
    package mutating func add(_ field: String, _ problem: String) {
        add([Problem(field, problem)])
    }

    /// Adds problems.
    package mutating func add(_ problems: [Problem]) {
        listed += problems.prefix(max(0, Self.limit - listed.count))
        count += problems.count
    }

    /// Adds what another list has.
    package mutating func add(_ other: ProblemList) {
        listed += other.listed.prefix(max(0, Self.limit - listed.count))
        count += other.count
    }
}
