extension SendCommand {
    /// The limits of a command (docs/asyncapi.yaml).
    package enum Limit {
        /// Bytes of a `send` body: 256 KiB.
        package static let bodyBytes = 256 * 1024
        /// Unicode scalars of a text.
        package static let textScalars = 3_200
        /// Bytes of UTF-8 of all keys and values of `metadata` together: 4 KiB.
        package static let metadataBytes = 4 * 1024
        /// How far ahead `send_at` may be: 366 days.
        package static let sendAhead: Duration = .seconds(366 * 86_400)
        /// Characters of `client_ref`, of `campaign_id`, and of each provider option: 255.
        package static let referenceCharacters = 255
    }

    /// A body, read: the command as far as it was valid, and every problem it has.
    package struct Reading: Hashable, Sendable {
        package var command: SendCommand
        package var problems: [Problem]
        /// Fields that were ignored and look like misspelt ones; nothing that keeps the command from being sent.
        package var warnings: [Problem]

        /// A reading with its findings.
        package init(command: SendCommand, problems: [Problem], warnings: [Problem] = []) {
            self.command = command
            self.problems = problems
            self.warnings = warnings
        }
    }

    /// Reads a command's body and names every problem of its shape and its single fields.
    ///
    /// - Parameters:
    ///   - body: the message's bytes.
    ///   - now: the moment of reading, with which `send_at` is compared.
    /// - Returns: the reading. Rules that need the text's encoding are not judged here.
    /// - Throws: `JSONProblem` when the body is not a JSON object, and there is nothing to list.
    package static func read(_ body: [UInt8], now: Timestamp) throws(JSONProblem) -> Reading {
        guard case .object(let object) = try JSONValue(parsing: body) else {
            throw JSONProblem("the body is not a JSON object")
        }
        var fields = FieldReader(object)
        var command = SendCommand()

        if body.count > Limit.bodyBytes {
            fields.report("body", "is \(body.count) bytes; the limit is \(Limit.bodyBytes)")
        }
        command.to = fields.required("to", reading: FieldReader.phoneNumber)
        command.text = fields.required("text", reading: FieldReader.messageText)
        command.from = fields.optional("from", reading: FieldReader.sender)
        command.id = fields.optional("id", reading: FieldReader.string)
        command.clientRef = fields.optional("client_ref", reading: FieldReader.reference)
        command.metadata = fields.optional("metadata", reading: FieldReader.metadata)
        command.sendAt = fields.optional("send_at", reading: FieldReader.timestamp)
        command.expiresAt = fields.optional("expires_at", reading: FieldReader.timestamp)
        command.encoding = fields.optional("encoding", reading: FieldReader.choice) ?? .auto
        command.smartEncoding = fields.optional("smart_encoding", reading: FieldReader.bool) ?? false
        command.maxSegments = fields.optional("max_segments", reading: FieldReader.positiveInteger)
        command.onUncertain = fields.optional("on_uncertain", reading: FieldReader.choice) ?? .auto
        command.window = fields.optional("window", reading: SendWindow.read)
        command.provider = fields.optional("provider", reading: FieldReader.providerOptions) ?? ProviderOptions()
        command.campaignID = fields.optional("campaign_id", reading: FieldReader.reference)

        if let sendAt = command.sendAt {
            if sendAt - now > Limit.sendAhead { fields.report("send_at", "is more than 366 days ahead") }
            if let expiresAt = command.expiresAt, sendAt >= expiresAt {
                fields.report("send_at", "must be before expires_at")
            }
        }
        return Reading(command: command, problems: fields.problems, warnings: fields.misspelt)
    }
}
