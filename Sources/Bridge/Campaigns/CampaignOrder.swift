import Contracts
import SMSCore

/// A campaign that came over HTTP and may be enqueued: every rule has been held against it, and it has been cut into messages.
struct CampaignOrder: Sendable {
    /// How many recipients one request may have.
    static let recipientLimit = 100_000
    /// The fields of a `campaign` command that a request may carry under the same name.
    private static let sharedFields = [
        "from", "metadata", "send_at", "expires_at", "smart_encoding", "max_segments",
    ]

    let id: CommandID
    /// The messages, each of 1 MiB at most.
    let bodies: [[UInt8]]

    /// What a request was read as.
    enum Reading: Sendable {
        case valid(CampaignOrder)
        /// It breaks rules, told under the names that the request has for its fields.
        case invalid(ProblemList)
    }

    /// Reads a request.
    ///
    /// - Parameters:
    ///   - body: its bytes.
    ///   - key: its `Idempotency-Key`, which wins over the body's `id`; without either the id is a random UUID.
    ///   - defaultSender: `VONAGE_NUMBER`.
    ///   - now: the moment of reading.
    /// - Returns: the campaign, or what is wrong with it.
    static func read(_ body: [UInt8], key: String?, defaultSender: Sender?, now: Timestamp) -> Reading {
        let request: [String: JSONValue]
        var problems = ProblemList()
        do throws(JSONProblem) {
            guard case .object(let object) = try JSONValue(parsing: body) else {
                throw JSONProblem("the body is not a JSON object")
            }
            request = object
        } catch {
            return .invalid(ProblemList([Problem("body", error.message)]))
        }
        let id = id(key: key, field: request["id"], &problems)
        var fields: [String: JSONValue] = ["id": .string(id.text)]
        for name in sharedFields {
            if let value = request[name], value != .null { fields[name] = value }
        }
        // What looks misspelt goes along, so that the campaign's warnings name it.
        for (name, value) in request where !["id", "message", "recipients"].contains(name) {
            if FieldName.isMisspelt(name, of: sharedFields) { fields[name] = value }
        }
        fields["text"] = request["message"]
        var command = fields
        command["recipients"] = request["recipients"]

        let reading = CampaignCommand.read(command, now: now)
        let listed = reading.problems.listed.map { Problem($0.field == "text" ? "message" : $0.field, $0.problem) }
        problems.add(ProblemList(listed, count: reading.problems.count))
        if reading.command.terms.from == nil, defaultSender == nil, !listed.contains(where: { $0.field == "from" }) {
            problems.add("from", "is required, since no default sender (VONAGE_NUMBER) is configured")
        }
        guard case .array(let recipients)? = command["recipients"] else { return .invalid(problems) }
        if recipients.count > recipientLimit {
            problems.add("recipients", "are \(recipients.count); the limit is \(recipientLimit)")
        }
        guard problems.isEmpty else { return .invalid(problems) }
        do {
            return .valid(CampaignOrder(id: id, bodies: try cut(fields, recipients)))
        } catch {
            // Not reached: what was read as JSON can be written.
            return .invalid(ProblemList([Problem("body", "cannot be read")]))
        }
    }

    private static func cut(_ fields: [String: JSONValue], _ recipients: [JSONValue]) throws -> [[UInt8]] {
        var cutter = CampaignCutter(fields: fields)
        var shares: [[UInt8]] = []
        for recipient in recipients {
            if let share = cutter.add(JSONBytes.encode(recipient)) { shares.append(share) }
        }
        if let share = cutter.finish() { shares.append(share) }
        return shares.enumerated().map { cutter.body(of: $1, part: $0 + 1, parts: shares.count) }
    }

    private static func id(key: String?, field: JSONValue?, _ problems: inout ProblemList) -> CommandID {
        let name = key == nil ? "id" : "Idempotency-Key"
        let text: String
        switch (key, field) {
        case (let key?, _): text = key
        case (nil, .string(let written)): text = written
        case (nil, nil), (nil, .null): return .random()
        case (nil, let other?):
            problems.add(name, "must be a string, not \(other.kind)")
            return .random()
        }
        if text.hasPrefix("c:") {
            problems.add(name, "must not begin with c:, as the ids of a campaign's messages do")
        }
        guard let id = CommandID(text) else {
            problems.add(name, "must be 1 to 100 printable ASCII characters")
            return .random()
        }
        return id
    }
}
