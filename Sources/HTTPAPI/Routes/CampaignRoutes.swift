import Bridge
import Contracts
import HTTPTypes
import Hummingbird

/// Campaigns: sends one, shows its state, pauses it, cancels it.
struct CampaignRoutes: Sendable {
    let api: any CampaignAPI

    /// Adds `/send-campaign` and `/campaigns/{id}`.
    func add(to routes: inout RouteTable, through guarded: APIRoutes) {
        let bodies = CampaignBodies(guarded.limits)
        guarded.add(
            "/send-campaign",
            .sending,
            to: &routes,
            [.post: { try await send($0, $1, bodies) }]
        )
        guarded.add(
            "/campaigns/{id}",
            to: &routes,
            [
                .get: { _, context in try await campaign(try context.commandID(or: Self.unknown)) },
                .delete: { _, context in try await cancel(try context.commandID(or: Self.unknown)) },
            ]
        )
        guarded.add(
            "/campaigns/{id}/pause",
            to: &routes,
            [.post: { _, context in try await pause(try context.commandID(or: Self.unknown), true) }]
        )
        guarded.add(
            "/campaigns/{id}/resume",
            to: &routes,
            [.post: { _, context in try await pause(try context.commandID(or: Self.unknown), false) }]
        )
    }

    // MARK: - Sending

    private func send(
        _ request: Request,
        _ context: ConnectionContext,
        _ bodies: CampaignBodies
    ) async throws -> Response {
        let preference = SendPreference(request.headers[.prefer])
        let key = IdempotencyKey(request.headers[values: .idempotencyKey])
        if let problem = key.problem { return answer(.invalid(ProblemList([problem]))) }
        var outcome = try await enqueue(request, key.text, context, bodies)
        if case .pending(let id) = outcome, preference.wait > .zero {
            outcome = try await api.outcome(of: id, within: preference.wait)
        }
        return answer(outcome).applying(preference)
    }

    /// Reads and enqueues a campaign; afterwards nothing is held of its body.
    private func enqueue(
        _ request: Request,
        _ key: String?,
        _ context: ConnectionContext,
        _ bodies: CampaignBodies
    ) async throws -> CampaignAnswer {
        try await bodies.within(request.headers[.contentLength].flatMap { Int($0) }) { limit in
            let order = SendOrder(
                body: try await request.bytes(upTo: limit, context),
                key: key,
                traceparent: TraceParent.read(request.headers[.traceparent])
            )
            return try await api.send(order)
        }
    }

    private func answer(_ answer: CampaignAnswer) -> Response {
        switch answer {
        case .over(let id, let results):
            .json(
                Processed(id: id.text, results: results.map(Result.init)),
                status: results.allSatisfy(\.isSuccess) ? .ok : Self.multiStatus,
                headers: [.location: Self.location(id)]
            )
        case .pending(let id):
            .standing(id, "pending", at: Self.location(id))
        case .keyReused(let id):
            HTTPProblem(.unprocessableContent, KeyReused.sentence, id: id.text).response
        case .invalid(let problems):
            HTTPProblem(
                .badRequest,
                problems.count > problems.listed.count
                    ? "The campaign breaks rules; nothing was sent. Of \(problems.count) problems the first are listed."
                    : "The campaign breaks rules; nothing was sent.",
                problems: problems.listed
            ).response
        case .notTaken(let id):
            HTTPProblem.comeAgain(
                after: .seconds(5),
                "The broker did not confirm the campaign. It may have some of it all the same, so please send it again "
                    + "with this answer's id as Idempotency-Key: then it is sent once.",
                id: id.text
            ).response
        }
    }

    // MARK: - Asking and changing

    private func campaign(_ id: CommandID) async throws -> Response {
        guard let event = try await api.campaign(id) else { throw Self.unknown }
        return .json(event, status: .ok, headers: [.cacheControl: "no-store"])
    }

    private func cancel(_ id: CommandID) async throws -> Response {
        answer(try await api.cancel(id), id, "cancelling")
    }

    private func pause(_ id: CommandID, _ isPaused: Bool) async throws -> Response {
        answer(try await api.pause(id, isPaused), id, isPaused ? "paused" : "running")
    }

    private func answer(_ change: CampaignChange, _ id: CommandID, _ status: String) -> Response {
        switch change {
        case .done:
            .standing(id, status, at: Self.location(id))
        case .over(let state):
            HTTPProblem(.conflict, "Nothing can be changed any more: the campaign is \(state).").response
        case .unknown:
            Self.unknown.response
        case .notYet:
            HTTPProblem.comeAgain(after: .seconds(5), "The campaign still stands in its queue.").response
        case .notTaken:
            HTTPProblem.comeAgain(after: .seconds(5), "The broker did not confirm it.").response
        }
    }

    /// 207 (RFC 4918 section 11.1).
    private static let multiStatus = HTTPResponse.Status(code: 207, reasonPhrase: "Multi-Status")

    private static func location(_ id: CommandID) -> String { "/campaigns/" + PathWord.encode(id.text) }

    private static var unknown: HTTPProblem { HTTPProblem(.notFound, "There is no campaign with this id.") }
}

// MARK: - Bodies

/// The tutorial's answer to a campaign.
private struct Processed: Encodable {
    let status = "Campaign processing attempted"
    let id: String
    let results: [Result]

    private enum CodingKeys: CodingKey {
        case status, id, results
    }
}

/// What became of one recipient.
private struct Result: Encodable {
    let to: String
    let success: Bool
    let messageUUID: String?
    let error: String?

    init(_ result: CampaignResult) {
        to = result.to
        success = result.isSuccess
        messageUUID = result.messageUUID
        error = result.error
    }

    private enum CodingKeys: String, CodingKey {
        case to, success, error
        case messageUUID = "message_uuid"
    }
}
