import Contracts
import HTTPTypes
import Hummingbird

/// What the routes of messages and of campaigns have in common.
extension ConnectionContext {
    /// The command that the path's `{id}` names.
    ///
    /// - Parameter unknown: the problem that there is none under it.
    /// - Returns: its id.
    /// - Throws: `unknown` where the word cannot be an id.
    func commandID(or unknown: HTTPProblem) throws(HTTPProblem) -> CommandID {
        guard let id = parameters.get("id").flatMap(PathWord.decode).flatMap(CommandID.init) else { throw unknown }
        return id
    }
}

extension Response {
    /// The answer to a request that is under way: 202, with the command's state in a word and where to ask for it.
    static func standing(_ id: CommandID, _ status: String, at location: String) -> Response {
        .json(Standing(id: id.text, status: status), status: .accepted, headers: [.location: location])
    }

    /// The answer with the preference of the request that it follows, where it is a success.
    func applying(_ preference: SendPreference) -> Response {
        guard let applied = preference.applied, status.kind == .successful else { return self }
        var response = self
        response.headers[.preferenceApplied] = applied
        return response
    }
}

/// What is wrong with a key that comes again with another body.
struct KeyReused: Encodable {
    static let sentence = "This Idempotency-Key was used before, with another body; nothing was sent this time."

    let code = "id_reused"
    let title = "The id was used before"
    let detail = sentence

    private enum CodingKeys: CodingKey {
        case code, title, detail
    }
}

/// A command's state, in a word.
private struct Standing: Encodable {
    let id: String
    let status: String
}
