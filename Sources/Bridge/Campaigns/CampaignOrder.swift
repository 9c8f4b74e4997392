import Contracts
import SMSCore

/// A campaign that came over HTTP and may be enqueued: it is checked against every rule, and split into messages.
struct CampaignOrder: Sendable {
    /// How many recipients one request may have.
    static let recipientLimit = 100_000
    /// Bytes of one recipient, and of all the other fields together: 256 KiB each.
    ///
    /// As values in memory they take many times as much, and each of the campaign's messages has all the fields.
    private static let limits = JSONListObject.Limits(members: 256 << 10, element: 256 << 10)
    /// The fields of a `campaign` command that a request may carry under the same name.
    private static let sharedFields = [
        "from", "metadata", "send_at", "expires_at", "smart_encoding", "max_segments", "window",
    ]

    let id: CommandID
    /// The recipients of each message, as in its body.
    private let shares: [[UInt8]]
    private let cutter: CampaignCutter

    /// The number of its messages.
    var parts: Int { shares.count }

    /// A message's body, of 1 MiB at most; it is made when it is needed.
    ///
    /// - Parameter part: which one, from 1 to ``parts``.
    /// - Returns: the body.
    func body(_ part: Int) -> [UInt8] { cutter.body(of: shares[part - 1], part: part, parts: parts) }

    /// What a request was read as.
    enum Reading: Sendable {
        case valid(CampaignOrder)
        /// It breaks rules; they are reported under the request's names of the fields.
        case invalid(ProblemList)
    }

    /// Reads a request.
    ///
    /// Whatever is in it, this takes little more memory than the body and the messages together: recipients are read
    /// one at a time.
    ///
    /// - Parameters:
    ///   - body: its bytes.
    ///   - key: its `Idempotency-Key`, which overrides the body's `id`; without either the id is a random UUID.
    ///   - defaultSender: `VONAGE_NUMBER`.
    ///   - now: the moment of reading.
    /// - Returns: the campaign, or what is wrong with it.
    static func read(_ body: [UInt8], key: String?, defaultSender: Sender?, now: Timestamp) -> Reading {
        let object: JSONListObject
        var problems = ProblemList()
        do throws(JSONProblem) {
            object = try JSONListObject(parsing: body, list: "recipients", limits: limits)
        } catch {
            return .invalid(ProblemList([Problem("body", error.message)]))
        }
        let request = object.members
        let id = id(key: key, field: request["id"], &problems)
        var fields: [String: JSONValue] = ["id": .string(id.text)]
        for name in sharedFields {
            if let value = request[name], value != .null { fields[name] = value }
        }
        // What looks misspelt is kept, so that the campaign's warnings name it.
        for (name, value) in request where !["id", "message", "recipients"].contains(name) {
            if FieldName.isMisspelt(name, of: sharedFields) { fields[name] = value }
        }
        fields["text"] = request["message"]
        var command = JSONListObject(members: fields, list: object.list)
        // A value that is not a list is reported as a problem.
        command.members["recipients"] = request["recipients"]

        var (cutter, shares) = (CampaignCutter(fields: fields), [[UInt8]]())
        let reading = CampaignCommand.read(command, now: now) { _, recipient in
            // Above the limit nothing is sent.
            guard cutter.count < recipientLimit else { return false }
            if let share = cutter.add(JSONBytes.encode(recipient)) { shares.append(share) }
            return true
        }
        if let share = cutter.finish() { shares.append(share) }
        let listed = reading.problems.listed.map { Problem($0.field == "text" ? "message" : $0.field, $0.problem) }
        problems.add(ProblemList(listed, count: reading.problems.count))
        if reading.command.terms.from == nil, defaultSender == nil, !listed.contains(where: { $0.field == "from" }) {
            problems.add("from", "is required, since no default sender (VONAGE_NUMBER) is configured")
        }
        if let count = object.list?.count, count > recipientLimit {
            problems.add("recipients", "are \(count); the limit is \(recipientLimit)")
        }
        return problems.isEmpty ? .valid(CampaignOrder(id: id, shares: shares, cutter: cutter)) : .invalid(problems)
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
