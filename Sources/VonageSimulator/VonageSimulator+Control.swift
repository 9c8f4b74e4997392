import FoundationEssentials
import NIOCore
import NIOHTTP1

/// JSON as the simulator writes it.
enum SimulatorJSON {
    /// Writes a value.
    ///
    /// - Parameter value: what to write.
    /// - Returns: UTF-8.
    /// - Throws: when it cannot be written, which no value here does.
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}

extension VonageSimulator {
    /// Answers any request: Vonage's API, or the simulator's own.
    ///
    /// - Parameter request: the HTTP request.
    /// - Returns: what to do about it.
    func respond(_ request: NIOHTTPServerRequestFull) async -> SimulatorAction {
        let parts = request.head.uri.split(separator: "?", maxSplits: 1)
        let path = parts.first.map(String.init) ?? "/"
        let query = parts.count > 1 ? String(parts[1]) : ""
        if path == "/v1/messages" {
            guard request.head.method == .POST else {
                return .answer(problem(.documented(405), headers: [("Allow", "POST")]), after: .zero)
            }
            return await takeMessage(request)
        }
        if path == "/v2/reports/records", request.head.method == .GET {
            return await takeReportRequest(request, query: query)
        }
        if let file = PageFile.at(path) {
            return request.head.method == .GET
                ? .answer(file.response, after: .zero)
                : .answer(problem(.documented(405), headers: [("Allow", "GET")]), after: .zero)
        }
        guard !Self.isForeign(request.head) else { return .answer(problem(.documented(403)), after: .zero) }
        if request.head.method == .GET, path == "/simulator/events" { return events() }
        let body = request.body.map { Array($0.readableBytesView) } ?? []
        let response: SimulatorResponse =
            switch (request.head.method, path) {
            case (.GET, "/simulator/messages"): messageList(query)
            case (.DELETE, "/simulator/messages"): forget()
            case (.GET, "/simulator/requests"): json(ledger.requests)
            case (.GET, "/simulator/webhooks"): json(ledger.webhooks)
            case (.GET, "/simulator/reports"): json(reports.queries)
            case (.GET, "/simulator/inbound"): inboundList(query)
            case (.POST, "/simulator/inbound"): inbound(body)
            case (.GET, "/simulator/faults"): json(faults)
            case (.PUT, "/simulator/faults"): replaceFaults(body)
            case (.DELETE, "/simulator/faults"): replaceFaults(Array("[]".utf8))
            default: problem(.notFound)
            }
        return .answer(response, after: .zero)
    }

    func json(_ value: some Encodable, status: Int = 200) -> SimulatorResponse {
        SimulatorResponse(status: status, json: (try? SimulatorJSON.encode(value)) ?? [])
    }

    func problem(_ problem: SimulatorProblem, headers: [(name: String, value: String)] = [])
        -> SimulatorResponse
    {
        var response = SimulatorResponse(
            status: problem.status,
            json: (try? SimulatorJSON.encode(problem)) ?? [],
            contentType: "application/problem+json"
        )
        response.headers += headers
        return response
    }

    private func invalid(_ detail: String) -> SimulatorResponse {
        problem(SimulatorProblem(status: 400, type: "about:blank", title: "Not understood", detail: detail))
    }

    private func forget() -> SimulatorResponse {
        clear()
        return SimulatorResponse(status: 204)
    }

    private func inbound(_ body: [UInt8]) -> SimulatorResponse {
        struct Inbound: Decodable {
            let from: String
            let to: String
            let text: String
        }
        struct Accepted: Encodable {
            // swift-format-ignore: AlwaysUseLowerCamelCase
            let message_uuid: String
        }
        guard let inbound = try? JSONDecoder().decode(Inbound.self, from: Data(body)) else {
            return invalid("The body has to be {\"from\",\"to\",\"text\"}.")
        }
        guard configuration.webhooks != nil else { return invalid("The simulator was started without --webhooks.") }
        let message = SimulatedInbound(
            from: String(inbound.from.drop { $0 == "+" }),
            to: String(inbound.to.drop { $0 == "+" }),
            text: inbound.text
        )
        guard take(message) else { return problem(.documented(500)) }
        return json(Accepted(message_uuid: message.messageUUID), status: 202)
    }

    private func replaceFaults(_ body: [UInt8]) -> SimulatorResponse {
        let rules: [FaultRule]
        do {
            rules = try JSONDecoder().decode([FaultRule].self, from: Data(body))
        } catch {
            let names = FaultRule.Fault.allCases.map(\.rawValue).joined(separator: ", ")
            return invalid("The body has to be a list of rules, each with a fault: \(names).")
        }
        let problems = rules.enumerated().flatMap { index, rule in rule.problems.map { "rule \(index): \($0)" } }
        guard problems.isEmpty else { return invalid(problems.joined(separator: "; ")) }
        setFaults(rules)
        return json(rules)
    }
}
