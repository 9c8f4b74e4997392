/// A cancellation: the body of a `cancel` message (docs/asyncapi.yaml).
package enum CancelCommand: Hashable, Sendable {
    /// Cancels one command.
    case command(CommandID)
    /// Cancels every command of a campaign that has not been handed to the provider yet.
    case campaign(String)

    /// What a body was read as.
    package enum Reading: Hashable, Sendable {
        case valid(CancelCommand)
        /// It breaks rules; all are listed.
        case invalid([Problem])
    }

    /// Reads a cancellation's body.
    ///
    /// - Parameter body: the message's bytes.
    /// - Returns: the cancellation, or every problem it has.
    package static func read(_ body: [UInt8]) -> Reading {
        do throws(JSONProblem) {
            guard body.count <= SendCommand.Limit.bodyBytes else {
                throw JSONProblem("is \(body.count) bytes; the limit is \(SendCommand.Limit.bodyBytes)")
            }
            guard case .object(let object) = try JSONValue(parsing: body) else {
                throw JSONProblem("the body is not a JSON object")
            }
            var fields = FieldReader(object)
            let id = fields.optional("id", reading: FieldReader.commandID)
            let campaign = fields.optional("campaign_id", reading: FieldReader.reference)
            switch (id, campaign) {
            case (let id?, nil) where fields.problems.isEmpty: return .valid(.command(id))
            case (nil, let campaign?) where fields.problems.isEmpty: return .valid(.campaign(campaign))
            case (nil, nil) where fields.problems.isEmpty: fields.report("id", "is required, or campaign_id")
            case (_?, _?): fields.report("campaign_id", "must not come together with id")
            default: break
            }
            return .invalid(fields.problems)
        } catch {
            return .invalid([Problem("body", error.message)])
        }
    }
}

extension FieldReader {
    fileprivate static func commandID(_ value: JSONValue) -> Read<CommandID> {
        string(value).flatMap { text in
            CommandID(text).map(Read.success)
                ?? .failure(JSONProblem("must be 1 to 100 printable ASCII characters"))
        }
    }
}
