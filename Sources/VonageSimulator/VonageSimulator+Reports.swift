import FoundationEssentials
import NIOCore
import NIOHTTP1
import Synchronization

/// `GET /v2/reports/records` for the simulator's own messages.
///
/// Source: Reports API, OpenAPI 3.1.4; product `MESSAGES`, outbound, by ids or by date.
extension VonageSimulator {
    /// The queries of the Reports API that were answered with records, oldest first.
    package var reportQueries: [SimulatedReportQuery] { reports.queries }
    /// How many requests for reports there were, refused ones included.
    package var reportRequestCount: Int { reports.queryCount }

    /// Answers a request for records.
    func takeReportRequest(_ request: NIOHTTPServerRequestFull, query: String) async -> SimulatorAction {
        reports.noteRequest()
        let now = SimulatorTime.now
        let header = request.head.headers.first(name: "Authorization")
        let authorization = await authenticator.check(header, now: Int(now.timeIntervalSince1970))
        if let rule = faultBook.withLock({ $0.pickForReports() }) {
            // Fewer times may be left of it.
            if rule.times != nil { ledger.pages.publishFaults() }
            return Self.refuseReport(rule)
        }
        // It takes no token.
        guard case .success(let kind) = authorization, kind != "jwt" else { return Self.reportProblem(.unauthorized) }
        let parameters = Self.parameters(query)
        let problems = Self.problems(of: parameters)
        guard problems.isEmpty else {
            return Self.reportProblem(
                .unprocessable(1_020, "Invalid params", "query", problems.joined(separator: "; "))
            )
        }
        return .answer(page(parameters, now), after: configuration.latency)
    }

    private func page(_ parameters: [String: String], _ now: Date) -> SimulatorResponse {
        let ids = (parameters["id"] ?? "").split(separator: ",").map(String.init)
        let all = ledger.messages
        var answer = ReportAnswer()
        if ids.isEmpty {
            let start = parameters["date_start"].flatMap(Self.date) ?? now.addingTimeInterval(-7 * 86_400)
            let end = parameters["date_end"].flatMap(Self.date) ?? now
            let found = all.filter { message in
                message.receivedAt >= start && message.receivedAt < end
                    && (parameters["to"] ?? message.to) == message.to
                    && (parameters["from"] ?? message.from) == message.from
            }
            let offset = max(0, parameters["cursor"].flatMap { Int($0) } ?? 0)
            answer.records = found.dropFirst(offset).prefix(SimulatorReports.pageSize).map {
                ReportRecord($0, reports.end(of: $0, now: now), account: parameters["account_id"] ?? "")
            }
            let next = offset + answer.records.count
            if next < found.count { answer.cursor = "\(next)" }
        } else {
            let byID = Dictionary(all.map { ($0.messageUUID, $0) }) { first, _ in first }
            answer.records = ids.compactMap { byID[$0] }.map {
                ReportRecord($0, reports.end(of: $0, now: now), account: parameters["account_id"] ?? "")
            }
            let missing = ids.filter { byID[$0] == nil }
            if !missing.isEmpty { answer.idsNotFound = missing.joined(separator: ",") }
        }
        answer.itemsCount = answer.records.count
        answer.receivedAt = SimulatorTime.text(now)
        reports.note(SimulatedReportQuery(ids: ids, to: parameters["to"], records: answer.records.count))
        return SimulatorResponse(status: 200, json: (try? SimulatorJSON.encode(answer)) ?? [])
    }

    private static func problems(of parameters: [String: String]) -> [String] {
        var problems: [String] = []
        if parameters["product"] != "MESSAGES" { problems.append("product: the simulator has MESSAGES only") }
        if (parameters["account_id"] ?? "").isEmpty { problems.append("account_id is required") }
        if parameters["direction"] != "outbound" { problems.append("direction: the simulator has outbound only") }
        if let ids = parameters["id"] {
            if ids.split(separator: ",").count > 20 { problems.append("id: at most 20") }
            let allowed: Set = ["product", "account_id", "direction", "id", "include_message", "show_concatenated"]
            let others = parameters.keys.filter { !allowed.contains($0) }.sorted()
            if !others.isEmpty { problems.append("with id these are not allowed: \(others.joined(separator: ", "))") }
        } else if let start = parameters["date_start"].flatMap(date), let end = parameters["date_end"].flatMap(date),
            end.timeIntervalSince(start) > 24 * 3_600
        {
            problems.append("date_start and date_end: at most 24 hours apart")
        }
        return problems
    }

    private static func refuseReport(_ rule: FaultRule) -> SimulatorAction {
        let status = rule.status.flatMap { Int($0) } ?? 503
        return reportProblem(.documented(status), retryAfter: rule.retryAfter ?? (status == 429 ? 1 : nil))
    }

    private static func reportProblem(_ problem: SimulatorProblem, retryAfter: Int? = nil) -> SimulatorAction {
        var problem = problem
        problem.instance = UUID().uuidString.lowercased()
        var response = SimulatorResponse(
            status: problem.status,
            json: (try? SimulatorJSON.encode(problem)) ?? [],
            contentType: "application/problem+json"
        )
        response.headers.append(("X-Request-Id", problem.instance))
        if let retryAfter { response.headers.append(("Retry-After", "\(retryAfter)")) }
        return .answer(response, after: .zero)
    }

    private static func parameters(_ query: String) -> [String: String] {
        var parameters: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            parameters[parts[0]] = parts.count > 1 ? decoded(parts[1]) : ""
        }
        return parameters
    }

    /// Undoes percent-encoding; what is none stays.
    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest.removeFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func date(_ text: String) -> Date? {
        (try? Date(text, strategy: .iso8601))
            ?? (try? Date(
                text,
                strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true)
                    .timeZone(separator: .omitted)
            ))
    }
}

/// The body of an answer.
private struct ReportAnswer: Encodable {
    var requestID = UUID().uuidString.lowercased()
    var requestStatus = "SUCCESS"
    var receivedAt = ""
    var itemsCount = 0
    var product = "MESSAGES"
    var idsNotFound: String?
    var cursor: String?
    var records: [ReportRecord] = []

    private enum CodingKeys: String, CodingKey {
        case product, cursor, records
        case requestID = "request_id"
        case requestStatus = "request_status"
        case receivedAt = "received_at"
        case itemsCount = "items_count"
        case idsNotFound = "ids_not_found"
    }
}

/// One message as `MessagesOutboundRecord` has it: text everywhere, times in whole seconds.
private struct ReportRecord: Encodable {
    let accountID: String
    let messageID: String
    let clientRef: String
    let direction = "outbound"
    let from: String
    let to: String
    let provider = "sms"
    let network = "23410 GB-SIMULATED"
    let dateReceived: String
    let dateFinalized: String
    let latency: String
    let status: String
    let errorCode: String
    let currency = "EUR"
    let estimatedPrice = ReceiptPayload.price
    let totalPrice = ReceiptPayload.price
    let id: String

    private enum CodingKeys: String, CodingKey {
        case direction, from, to, provider, network, latency, status, currency, id
        case accountID = "account_id"
        case messageID = "message_id"
        case clientRef = "client_ref"
        case dateReceived = "date_received"
        case dateFinalized = "date_finalized"
        case errorCode = "error_code"
        case estimatedPrice = "estimated_price"
        case totalPrice = "total_price"
    }

    init(_ message: SimulatedMessage, _ end: ReceiptPlan.Step, account: String) {
        accountID = account
        messageID = message.messageUUID
        id = message.messageUUID
        clientRef = message.clientRef ?? ""
        from = message.from
        to = message.to
        status = end.status
        errorCode = end.error.map { "\($0)" } ?? ""
        latency = "\(end.age)"
        dateReceived = Self.text(message.receivedAt)
        dateFinalized = Self.text(message.receivedAt.addingTimeInterval(Double(end.age) / 1_000))
    }

    /// As `2024-02-02T13:50:00+00:00`.
    private static func text(_ date: Date) -> String {
        String(SimulatorTime.text(date).prefix(19)) + "+00:00"
    }
}
