import FoundationEssentials
import NIOCore
import NIOHTTP1
import Synchronization

extension VonageSimulator {
    /// Takes a request to send.
    ///
    /// - Parameter request: the HTTP request.
    /// - Returns: what to do about it. What is accepted gets its receipts, answered or not.
    func takeMessage(_ request: NIOHTTPServerRequestFull) async -> SimulatorAction {
        let body = request.body.map { Array($0.readableBytesView) } ?? []
        let now = SimulatorTime.now
        let authorization = await authenticator.check(
            request.head.headers.first(name: "Authorization"),
            now: Int(now.timeIntervalSince1970)
        )
        let throttled = bucket.withLock { $0?.take(now: .now) }
        let checked = SendRequest.check(body)
        let to = (try? checked.get().to) ?? SendRequest.recipient(in: body)
        let verdict = Self.verdict(authorization, throttled, checked)
        let mayAccept = if case .accept = verdict { true } else { false }
        let rule = faultBook.withLock { $0.pick(to: to, mayAccept: mayAccept) { Double.random(in: 0..<1) } }
        // Fewer times may be left of it.
        if rule?.times != nil { ledger.pages.publishFaults() }

        if let rule, !rule.accepts {
            return note(now, Self.refuse(rule), to: to, nil, rule)
        }
        switch verdict {
        case .refuse(let problem, let retryAfter):
            let answer = Self.answer(problem, retryAfter: retryAfter)
            return note(now, .answer(answer, after: .zero), to: to, nil, rule)
        case .accept(let send, let authorization):
            return accept(send, authorization, body, rule, now)
        }
    }

    private enum Verdict {
        case accept(SendRequest, authorization: String)
        case refuse(SimulatorProblem, retryAfter: Int?)
    }

    /// Credentials come first, then the rate, then the body.
    private static func verdict(
        _ authorization: Result<String, SimulatorRefusal>,
        _ throttled: Duration?,
        _ checked: Result<SendRequest, SimulatorRefusal>
    ) -> Verdict {
        switch (authorization, throttled, checked) {
        case (.failure(let refusal), _, _):
            .refuse(refusal.problem, retryAfter: nil)
        case (_, .some(let pause), _):
            .refuse(.documented(429), retryAfter: max(Int((pause / .seconds(1)).rounded(.up)), 1))
        case (_, _, .failure(let refusal)):
            .refuse(refusal.problem, retryAfter: nil)
        case (.success(let authorization), .none, .success(let send)):
            .accept(send, authorization: authorization)
        }
    }

    private func accept(
        _ send: SendRequest,
        _ authorization: String,
        _ body: [UInt8],
        _ rule: FaultRule?,
        _ now: Date
    ) -> SimulatorAction {
        let message = SimulatedMessage(
            messageUUID: UUID().uuidString.lowercased(),
            to: send.to,
            from: send.from,
            text: send.text,
            clientRef: send.clientRef,
            encodingType: send.encodingType,
            webhookURL: send.webhookURL,
            body: body,
            authorization: authorization,
            receivedAt: now
        )
        var latency = configuration.latency
        let action: SimulatorAction
        switch rule?.fault {
        case .dropAfter: action = .close
        case .hangAfter: action = .hang
        default:
            if rule?.fault == .slow { latency = .milliseconds(rule?.latencyMS ?? 1_000) }
            let json = #"{"message_uuid":"\#(message.messageUUID)"}"#
            var response = SimulatorResponse(status: 202, json: Array(json.utf8))
            response.headers.append(("X-Request-Id", UUID().uuidString.lowercased()))
            action = .answer(response, after: latency)
        }
        let plan = ReceiptPlan(rule)
        reports.note(message.messageUUID, rule)
        return note(now, action, to: send.to, message, rule) {
            // Timed from here and not from the answer: the client may be gone by then, and the message is accepted all
            // the same.
            sendReceipts(plan, of: message, after: latency + configuration.receiptDelay + plan.delay)
        }
    }

    /// What a fault does that accepts nothing.
    private static func refuse(_ rule: FaultRule) -> SimulatorAction {
        switch rule.fault {
        case .dropBefore: return .close
        case .hang: return .hang
        default:
            let status = rule.status.flatMap { Int($0) } ?? 503
            let retryAfter = rule.retryAfter ?? (status == 429 ? 1 : nil)
            var response: SimulatorResponse
            switch rule.body ?? .problem {
            case .problem where status >= 400:
                return .answer(answer(.documented(status), retryAfter: retryAfter), after: .zero)
            case .html:
                let page = "<html><body><h1>\(status)</h1></body></html>"
                response = SimulatorResponse(status: status, headers: [("Content-Type", "text/html")], body: page)
            case .problem, .empty:
                response = SimulatorResponse(status: status)
            }
            if (300..<400).contains(status) { response.headers.append(("Location", "/elsewhere")) }
            if let retryAfter { response.headers.append(("Retry-After", "\(retryAfter)")) }
            return .answer(response, after: .zero)
        }
    }

    private static func answer(_ problem: SimulatorProblem, retryAfter: Int?) -> SimulatorResponse {
        var problem = problem
        problem.instance = UUID().uuidString.lowercased()
        let json = (try? SimulatorJSON.encode(problem)) ?? []
        // As documented: a 422 comes as plain JSON.
        let type = problem.status == 422 ? "application/json" : "application/problem+json"
        var response = SimulatorResponse(status: problem.status, json: json, contentType: type)
        response.headers.append(("X-Request-Id", problem.instance))
        if let retryAfter { response.headers.append(("Retry-After", "\(retryAfter)")) }
        return response
    }

    /// Keeps the result of a request, before it is answered.
    ///
    /// - Parameters:
    ///   - now: when it came.
    ///   - action: what is to be done about it.
    ///   - to: the recipient, as far as the body named one.
    ///   - message: what it became.
    ///   - rule: the fault that was applied.
    ///   - then: what follows when it is kept.
    /// - Returns: the action; where the journal cannot be written, an answer that says that nothing was accepted.
    private func note(
        _ now: Date,
        _ action: SimulatorAction,
        to: String?,
        _ message: SimulatedMessage?,
        _ rule: FaultRule?,
        then: () -> Void = {}
    ) -> SimulatorAction {
        let status: Int? = if case .answer(let response, _) = action { response.status } else { nil }
        let request = SimulatedRequest(
            receivedAt: SimulatorTime.text(now),
            status: status,
            to: to,
            messageUUID: message?.messageUUID,
            fault: rule?.fault.rawValue
        )
        let kept = message.map(SimulatorJournal.KeptMessage.init)
        guard keep(.init(request: request, message: kept, rule: message == nil ? nil : rule)) else {
            return .answer(Self.answer(.documented(500), retryAfter: nil), after: .zero)
        }
        ledger.add(request, message)
        then()
        return action
    }
}
