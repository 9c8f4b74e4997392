extension CampaignCommand {
    /// The limits of a campaign (docs/asyncapi.yaml).
    package enum Limit {
        /// Bytes of a `campaign` body: 1 MiB.
        package static let bodyBytes = 1024 * 1024
        /// Messages that one campaign may come in.
        package static let parts = 10_000
        /// How long a campaign waits for the rest of its parts.
        package static let collecting: Duration = .seconds(86_400)
    }

    /// A body, read: the campaign as far as it was valid, and what is wrong with it.
    package struct Reading: Hashable, Sendable {
        package var command: CampaignCommand
        package var problems: ProblemList
        /// Whether `part` and `parts` could be read.
        package var isPlaced: Bool

        /// A reading with its findings.
        package init(command: CampaignCommand, problems: ProblemList, isPlaced: Bool = true) {
            self.command = command
            self.problems = problems
            self.isPlaced = isPlaced
        }
    }

    /// Reads a campaign's body and names every problem of its fields, and every variable that a recipient lacks.
    ///
    /// A recipient without a usable number is counted as `invalid` later and is not a problem of the campaign.
    ///
    /// - Parameters:
    ///   - body: the message's bytes.
    ///   - now: the moment of reading, with which `send_at` is compared.
    /// - Returns: the reading.
    /// - Throws: `JSONProblem` when the body is not a JSON object, and there is nothing to list.
    package static func read(_ body: [UInt8], now: Timestamp) throws(JSONProblem) -> Reading {
        var recipients: [Recipient] = []
        let object = try JSONListObject(parsing: body, list: "recipients")
        recipients.reserveCapacity(object.list?.count ?? 0)
        var reading = read(object, now: now) { recipient, _ in
            recipients.append(recipient)
            return true
        }
        reading.command.recipients = recipients
        if body.count > Limit.bodyBytes {
            reading.problems.add("body", "is \(body.count) bytes; the limit is \(Limit.bodyBytes), send it in parts")
        }
        return reading
    }

    /// Reads a campaign of any size, its recipients one at a time.
    ///
    /// - Parameters:
    ///   - object: the campaign, with `recipients` for its list.
    ///   - now: the moment of reading.
    ///   - each: gets one recipient after the other, and what it was read from; returns whether it wants more. The others
    ///     are looked at all the same, where the text needs something of them.
    /// - Returns: the reading, whose command is without recipients.
    package static func read(
        _ object: JSONListObject,
        now: Timestamp,
        each: (Recipient, JSONValue) -> Bool
    ) -> Reading {
        var fields = FieldReader(object.members)
        var command = CampaignCommand()
        command.id = fields.optional("id", reading: FieldReader.string)
        command.terms = terms(of: &fields, now: now)
        let part = fields.optional("part", reading: FieldReader.positiveInteger)
        let parts = fields.optional("parts", reading: FieldReader.positiveInteger)
        command.part = part ?? 1
        command.parts = parts ?? 1
        if (part == nil) != (parts == nil) { fields.report("part", "must come together with parts") }
        if command.part > command.parts { fields.report("part", "is \(command.part) of \(command.parts) parts") }
        if command.parts > Limit.parts { fields.report("parts", "is more than \(Limit.parts)") }
        let isPlaced = !fields.problems.contains { $0.field == "part" || $0.field == "parts" }
        let place = command.parts > 1 ? "part \(command.part), recipients" : "recipients"

        fields.required("recipients", list: object.list)
        var problems = ProblemList(fields.problems)
        let template = CampaignTemplate(command.terms.text)
        problems.add(template.problems.map { Problem("text", $0) })
        let warnings = fields.misspelt
        command.terms.warnings = warnings.isEmpty ? nil : warnings
        object.list?.walk { index, value in
            let recipient = Recipient(value, place: "\(place)[\(index)]")
            if recipient.problem == nil {
                problems.add(template.problems(of: recipient).map { Problem("recipients[\(index)]", $0) })
            }
            return each(recipient, value) || !template.variables.isEmpty
        }
        return Reading(command: command, problems: problems, isPlaced: isPlaced)
    }

    private static func terms(of fields: inout FieldReader, now: Timestamp) -> CampaignTerms {
        var terms = CampaignTerms()
        terms.text = fields.required("text", reading: FieldReader.messageText) ?? ""
        terms.from = fields.optional("from", reading: FieldReader.sender)?.display
        terms.metadata = fields.optional("metadata", reading: FieldReader.metadata)
        terms.sendAt = fields.optional("send_at", reading: FieldReader.timestamp)
        terms.expiresAt = fields.optional("expires_at", reading: FieldReader.timestamp)
        terms.smartEncoding = fields.optional("smart_encoding", reading: FieldReader.bool) ?? false
        terms.maxSegments = fields.optional("max_segments", reading: FieldReader.positiveInteger)
        terms.window = fields.optional("window", reading: SendWindow.read)
        if let sendAt = terms.sendAt {
            if sendAt - now > SendCommand.Limit.sendAhead { fields.report("send_at", "is more than 366 days ahead") }
            if let expiresAt = terms.expiresAt, sendAt >= expiresAt {
                fields.report("send_at", "must be before expires_at")
            }
        }
        return terms
    }
}

extension CampaignCommand.Recipient {
    /// Reads a recipient; one that cannot be read keeps its place and the reason.
    fileprivate init(_ value: JSONValue, place: @autoclosure () -> String) {
        switch value {
        case .string(let to):
            self.init(to: to)
        case .object(let fields):
            switch fields["to"] {
            case .string(let to)?: self.init(to: to, fields: fields)
            case nil, .null?: self.init(place: place(), problem: Problem("to", "is required"))
            case let other?: self.init(place: place(), problem: Problem("to", "must be a string, not \(other.kind)"))
            }
        default:
            let problem = "must be a number in a string, or an object with to, not \(value.kind)"
            self.init(place: place(), problem: Problem("recipient", problem))
        }
    }
}
