import Bridge
import Contracts
import HTTPTypes
import Hummingbird
import SMSCore

/// The provider's webhooks: hands each to the receiver as it arrived, and the receiver's answer to the provider.
///
/// Vonage's older SMS API also calls by GET and with forms, so both methods are taken and no content type is asked for.
struct WebhookRoutes: Sendable {
    let receiver: any WebhookReceiver
    /// Bytes of a body; a longer one is answered 413.
    let bodyLimit: Int

    /// Adds `/webhooks/inbound` and `/webhooks/status`.
    ///
    /// - Parameter routes: where to add them.
    func add(to routes: inout RouteTable) {
        add("/webhooks/inbound", .inbound, to: &routes)
        add("/webhooks/status", .status, to: &routes)
    }

    private func add(_ path: RouterPath, _ kind: WebhookKind, to routes: inout RouteTable) {
        let handler: RouteTable.Handler = { request, context in
            // A GET is a webhook of the older API; a HEAD must not cause one.
            guard request.method != .head else { return Response(status: .ok) }
            let body: [UInt8]
            do {
                body = try await request.bytes(upTo: bodyLimit, context)
            } catch {
                // It may have been a receipt; the assessment of a command's silence has to wait for its repeat.
                await receiver.missed()
                throw error
            }
            let webhook = UnverifiedWebhook(kind, body, of: request, from: context.peerAddress)
            return answer(await receiver.receive(webhook))
        }
        routes.on(path, [.get: handler, .post: handler])
    }

    private func answer(_ answer: WebhookAnswer) -> Response {
        switch answer {
        case .taken:
            Response(status: .ok)
        case .forged:
            HTTPProblem(
                .unauthorized,
                "The webhook did not prove that it comes from the provider.",
                headers: [.wwwAuthenticate: "Bearer"]
            ).response
        case .notUnderstood(let problems):
            HTTPProblem(
                .badRequest,
                "The webhook was not understood.",
                problems: problems.map { Problem("body", $0) }
            ).response
        case .comeAgain(let delay):
            HTTPProblem.comeAgain(after: delay, "The webhook cannot be taken now; please send it again.").response
        }
    }
}

extension UnverifiedWebhook {
    fileprivate init(_ kind: WebhookKind, _ body: [UInt8], of request: Request, from peerAddress: String?) {
        self.init(
            kind,
            method: request.method.rawValue,
            path: request.uri.path,
            query: request.uri.query ?? "",
            headers: Dictionary(grouping: request.headers, by: \.name.canonicalName).mapValues { $0.map(\.value) },
            body: body,
            peerAddress: peerAddress
        )
    }
}
