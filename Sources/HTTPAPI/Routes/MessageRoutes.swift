import Bridge
import Contracts
import HTTPTypes
import Hummingbird

/// Single messages: sends one, shows its state, cancels it.
struct MessageRoutes: Sendable {
    let api: any SendAPI

    /// Adds `/send-sms` and `/messages/{id}`.
    ///
    /// - Parameters:
    ///   - routes: where to add them.
    ///   - guarded: lets only callers with access through.
    func add(to routes: inout RouteTable, through guarded: APIRoutes) {
        let bodyLimit = guarded.limits.sendBodyBytes
        guarded.add("/send-sms", .sending, to: &routes, [.post: { try await send($0, $1, bodyLimit) }])
        guarded.add(
            "/messages/{id}",
            to: &routes,
            [
                .get: { _, context in try await message(try Self.id(context)) },
                .delete: { _, context in try await cancel(try Self.id(context)) },
            ]
        )
    }

    /// The address of a message.
    static func location(_ id: CommandID) -> String { "/messages/" + PathWord.encode(id.text) }

    // MARK: - Sending

    private func send(_ request: Request, _ context: ConnectionContext, _ bodyLimit: Int) async throws -> Response {
        let preference = SendPreference(request.headers[.prefer])
        let key = IdempotencyKey(request.headers[values: .idempotencyKey])
        if let problem = key.problem { return answer(.invalid([problem])) }
        let order = SendOrder(
            body: try await request.bytes(upTo: bodyLimit, context),
            key: key.text,
            wait: preference.wait,
            traceparent: TraceParent.read(request.headers[.traceparent])
        )
        var response = answer(try await api.send(order))
        if let applied = preference.applied, response.status.kind == .successful {
            response.headers[.preferenceApplied] = applied
        }
        return response
    }

    private func answer(_ answer: SendAnswer) -> Response {
        switch answer {
        case .accepted(let id, let uuid):
            .json(
                Sent(messageUUID: uuid, id: id.text),
                status: .ok,
                headers: [.location: Self.location(id)]
            )
        case .pending(let id):
            .json(Standing(id: id.text, status: "pending"), status: .accepted, headers: [.location: Self.location(id)])
        case .ended(let id, let error):
            .json(
                Failed(error: error.detail.isEmpty ? error.title : error.detail, details: error),
                status: .unprocessableContent,
                headers: [.location: Self.location(id)]
            )
        case .keyReused(let id):
            .json(
                Failed(error: KeyReused.sentence, details: KeyReused()),
                status: .unprocessableContent,
                headers: [.location: Self.location(id)]
            )
        case .invalid(let problems):
            HTTPProblem(.badRequest, "The message breaks rules; nothing was sent.", problems: problems).response
        case .notTaken(let id):
            HTTPProblem.comeAgain(
                after: .seconds(5),
                "The broker did not confirm the message. It may have it all the same, so please send it again with "
                    + "this answer's id as Idempotency-Key: then it is sent once.",
                id: id.text
            ).response
        }
    }

    // MARK: - Asking and cancelling

    private func message(_ id: CommandID) async throws -> Response {
        guard let message = try await api.message(id) else { throw Self.unknown }
        return .json(message, status: .ok, headers: [.cacheControl: "no-store"])
    }

    private func cancel(_ id: CommandID) async throws -> Response {
        switch try await api.cancel(id) {
        case .cancelling:
            .json(
                Standing(id: id.text, status: "cancelling"),
                status: .accepted,
                headers: [.location: Self.location(id)]
            )
        case .settled(let outcome):
            HTTPProblem(.conflict, "The message is settled already: \(outcome.rawValue).").response
        case .notTaken:
            HTTPProblem.comeAgain(after: .seconds(5), "The broker did not confirm the cancellation.").response
        }
    }

    /// The id in a path.
    static func id(_ context: ConnectionContext) throws(HTTPProblem) -> CommandID {
        guard let word = context.parameters.get("id"), let id = PathWord.decode(word).flatMap(CommandID.init) else {
            throw unknown
        }
        return id
    }

    /// What a request for an id without a message is answered.
    static var unknown: HTTPProblem { HTTPProblem(.notFound, "There is no message with this id.") }
}

// MARK: - Bodies

/// The tutorial's answer to a message that the provider took.
private struct Sent: Encodable {
    let status = "Message sending initiated"
    let messageUUID: String
    let id: String

    private enum CodingKeys: String, CodingKey {
        case status, id
        case messageUUID = "message_uuid"
    }
}

/// The tutorial's answer to any other end.
private struct Failed<Details: Encodable>: Encodable {
    let status = "Failed to send message"
    let error: String
    let details: Details

    private enum CodingKeys: CodingKey {
        case status, error, details
    }
}

/// What is wrong with a key that comes again with another body.
private struct KeyReused: Encodable {
    static let sentence = "This Idempotency-Key was used before, with another body; nothing was sent this time."

    let code = "id_reused"
    let title = "The id was used before"
    let detail = sentence

    private enum CodingKeys: CodingKey {
        case code, title, detail
    }
}

/// A message's state, in a word.
private struct Standing: Encodable {
    let id: String
    let status: String
}
