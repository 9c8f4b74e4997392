package import Contracts
package import SMSCore

/// A message that may be enqueued: it is checked against every rule that can be checked beforehand.
package struct SendRequest: Hashable, Sendable {
    package let id: CommandID
    /// The command's JSON, equal for requests with equal values.
    package let body: [UInt8]
    package let facts: MessageFacts

    /// The digest that distinguishes a repeat from another command under the same id.
    package var digest: String { Digest.hex(body) }

    /// What a request was read as.
    package enum Reading: Hashable, Sendable {
        case valid(SendRequest)
        /// It breaks rules; all are listed, under the request's names of the fields.
        case invalid([Problem])
    }

    /// The fields of a `send` command that a request may carry under the same name.
    ///
    /// `campaign_id` is not among them: it is set by the fan-out alone.
    private static let sharedFields = [
        "to", "from", "client_ref", "metadata", "send_at", "expires_at", "encoding", "smart_encoding", "max_segments",
        "on_uncertain", "provider", "window",
    ]

    /// Begins the ids of a campaign's own commands.
    private static let reservedPrefix = "c:"

    /// Reads a request.
    ///
    /// - Parameters:
    ///   - body: its bytes.
    ///   - key: its `Idempotency-Key`, which overrides the body's `id`; without either the id is a random UUID.
    ///   - defaultSender: `VONAGE_NUMBER`.
    ///   - now: the moment of reading.
    /// - Returns: the message, or every problem that it has.
    package static func read(_ body: [UInt8], key: String?, defaultSender: Sender?, now: Timestamp) -> Reading {
        let fields: [String: JSONValue]
        do throws(JSONProblem) {
            guard case .object(let object) = try JSONValue(parsing: body) else {
                throw JSONProblem("the body is not a JSON object")
            }
            fields = object
        } catch {
            return .invalid(keyProblems(key) + [Problem("body", error.message)])
        }
        var (id, problems) = namedID(key: key, field: fields["id"])
        var command: [String: JSONValue] = [:]
        for name in sharedFields {
            if let value = fields[name], value != .null { command[name] = value }
        }
        // What looks misspelt is kept, so that the outcome's warnings name it.
        for (name, value) in fields where name != "id" && name != "message" {
            if FieldName.isMisspelt(name, of: sharedFields) { command[name] = value }
        }
        if let text = fields["message"], text != .null { command["text"] = text }
        do {
            let bytes = JSONBytes.encode(command)
            let reading = try SendCommand.read(bytes, now: now)
            switch Preparation.of(reading, id: id, defaultSender: defaultSender) {
            case .ready(let prepared) where problems.isEmpty:
                return .valid(SendRequest(id: id, body: bytes, facts: prepared.facts))
            case .ready:
                break
            case .invalid(_, let found):
                problems += found.map { Problem($0.field == "text" ? "message" : $0.field, $0.problem) }
            }
        } catch {
            // Not reached: what was read as JSON can be written and read again.
            problems.append(Problem("body", "cannot be read"))
        }
        return .invalid(problems)
    }

    /// The id of a request, or a random one, and what is wrong with the given one.
    private static func namedID(key: String?, field: JSONValue?) -> (CommandID, [Problem]) {
        if let key { return (CommandID(key) ?? .random(), keyProblems(key)) }
        switch field {
        case nil, .null: return (.random(), [])
        case .string(let text): return (CommandID(text) ?? .random(), problems(ofID: text, named: "id"))
        case let other?: return (.random(), [Problem("id", "must be a string, not \(other.kind)")])
        }
    }

    private static func keyProblems(_ key: String?) -> [Problem] {
        key.map { problems(ofID: $0, named: "Idempotency-Key") } ?? []
    }

    private static func problems(ofID text: String, named name: String) -> [Problem] {
        if CommandID(text) == nil { return [Problem(name, "must be 1 to 100 printable ASCII characters")] }
        if text.hasPrefix(reservedPrefix) {
            return [Problem(name, "must not begin with \(reservedPrefix), as the ids of a campaign's messages do")]
        }
        return []
    }
}
