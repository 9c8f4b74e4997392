import Bridge
import Contracts
import HTTPTypes
import Hummingbird

/// Single messages: sends one, shows its state, cancels it.
struct MessageRoutes: Sendable {
    let api: any SendAPI

    /// Adds `/send-sms` and `/messages/{id}`.
    func add(to routes: inout RouteTable, through guarded: APIRoutes) {
        let bodyLimit = guarded.limits.sendBodyBytes
        guarded.add("/send-sms", .sending, to: &routes, [.post: { try await send($0, $1, bodyLimit) }])
        guarded.add(
            "/messages/{id}",
            to: &routes,
            [
                .get: { _, context in try await message(try context.commandID(or: Self.unknown)) },
                .delete: { _, context in try await cancel(try context.commandID(or: Self.unknown)) },
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
        return answer(try await api.send(order)).applying(preference)
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
            .standing(id, "pending", at: Self.location(id))
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
            .standing(id, "cancelling", at: Self.location(id))
        case .settled(let outcome):
            HTTPProblem(.conflict, "The message is settled already: \(outcome.rawValue).").response
        case .notTaken:
            HTTPProblem.comeAgain(after: .seconds(5), "The broker did not confirm the cancellation.").response
        }
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
