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
        let body = request.body.map { Array($0.readableBytesView) } ?? []
        let response: SimulatorResponse =
            switch (request.head.method, path) {
            case (.GET, "/simulator/messages"): messageList(query)
            case (.DELETE, "/simulator/messages"): forget()
            case (.GET, "/simulator/requests"): json(ledger.requests)
            case (.GET, "/simulator/webhooks"): json(ledger.webhooks)
            case (.GET, "/simulator/reports"): json(reports.queries)
            case (.POST, "/simulator/inbound"): inbound(body)
            case (.GET, "/simulator/faults"): json(faults)
            case (.PUT, "/simulator/faults"): replaceFaults(body)
            case (.DELETE, "/simulator/faults"): replaceFaults(Array("[]".utf8))
            default: problem(.notFound)
            }
        return .answer(response, after: .zero)
    }

    private func json(_ value: some Encodable, status: Int = 200) -> SimulatorResponse {
        SimulatorResponse(status: status, json: (try? SimulatorJSON.encode(value)) ?? [])
    }

    private func problem(_ problem: SimulatorProblem, headers: [(name: String, value: String)] = [])
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

    /// The messages, each with its body as it was received.
    ///
    /// `?to=` and `?client_ref=` choose, `?limit=` gives the latest.
    private func messageList(_ query: String) -> SimulatorResponse {
        var messages = ledger.messages
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "to": messages = messages.filter { $0.to.hasPrefix(parts[1]) }
            case "client_ref": messages = messages.filter { $0.clientRef == String(parts[1]) }
            case "limit": messages = messages.suffix(max(Int(parts[1]) ?? messages.count, 0))
            default: break
            }
        }
        // The body is JSON already: it is spliced in as it stands, not parsed and written anew.
        var list: [UInt8] = [UInt8(ascii: "[")]
        for message in messages {
            guard let fields = try? SimulatorJSON.encode(message) else { continue }
            if list.count > 1 { list.append(UInt8(ascii: ",")) }
            list += Array(#"{"body":"#.utf8) + message.body + [UInt8(ascii: ",")] + fields.dropFirst()
        }
        list.append(UInt8(ascii: "]"))
        return SimulatorResponse(status: 200, json: list)
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
