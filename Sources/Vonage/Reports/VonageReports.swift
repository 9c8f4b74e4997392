import AsyncHTTPClient
package import Contracts
package import Logging
import NIOHTTP1
package import SMSCore

/// Asks Vonage's Reports API what became of messages (docs/reports.md).
///
/// Synchronous requests only: `GET /v2/reports/records`, product `MESSAGES`, outbound. It takes the account's key and
/// secret (Basic) and no token. A request costs money by the record, and changes nothing.
package final class VonageReports: ReceiptReports {
    /// The longest answer that is read, in bytes: a page of records by date; twenty by id have some 30 KiB.
    private static let longestBody = 4 << 20
    /// The longest span that one query by date may have.
    private static let longestSpan: Duration = .seconds(24 * 3_600)

    private let client: HTTPClient
    private let address: String
    private let account: String
    private let authorization: String
    private let userAgent: String
    private let timeout: Duration
    private let logger: Logger

    /// A client; `shutdown` has to be called at the end.
    ///
    /// - Parameters:
    ///   - apiURL: scheme, host and port of the API, without a path.
    ///   - apiKey: the account's key.
    ///   - apiSecret: its secret.
    ///   - timeout: of a whole request (default: 30 s; records are looked up while we wait).
    ///   - logger: for lines at `debug`; no key, number or body is logged.
    package init(
        apiURL: String,
        apiKey: String,
        apiSecret: String,
        timeout: Duration = .seconds(30),
        logger: Logger
    ) {
        client = .vonage(connectTimeout: .seconds(3))
        address = VonageAPI.address(of: "/v2/reports/records", at: apiURL)
        account = apiKey
        authorization = VonageAPI.basic(apiKey, apiSecret)
        userAgent = "sms-bridge"
        self.timeout = timeout
        self.logger = logger
    }

    package func receipts(of messageUUIDs: [String]) async -> ReportsAnswer {
        // With ids no other filter is allowed.
        await ask([("id", messageUUIDs.prefix(ReceiptReportsLimit.ids).joined(separator: ","))])
    }

    package func receipts(to digits: String, from start: Timestamp, until end: Timestamp) async -> ReportsAnswer {
        await ask([
            ("provider", "sms"), ("to", digits),
            ("date_start", max(start, end - Self.longestSpan).rfc3339), ("date_end", end.rfc3339),
        ])
    }

    /// Closes the connections; a request under way fails.
    package func shutdown() async { try? await client.shutdown() }

    private func ask(_ filter: [(String, String)]) async -> ReportsAnswer {
        let query = [("product", "MESSAGES"), ("account_id", account), ("direction", "outbound")] + filter
        let text = query.map { "\($0)=\(Self.encoded($1))" }.joined(separator: "&")
        let answer: ReportsAnswer
        do {
            let request = try HTTPClient.Request(
                url: "\(address)?\(text)",
                headers: ["Authorization": authorization, "Accept": "application/json", "User-Agent": userAgent]
            )
            let collector = AnswerCollector(longestBody: Self.longestBody)
            answer = ReportsAnswer(try await client.answer(to: request, collector, within: timeout))
        } catch {
            answer = .later(VonageAPI.cause(error), pause: nil)
        }
        logger.debug("Vonage's reports answered", metadata: [VonageLogKey.answer: "\(answer.word)"])
        return answer
    }

    /// Percent-encodes all but RFC 3986's unreserved characters.
    private static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { encoded, byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}

extension ReportsAnswer {
    /// What an answer over HTTP means.
    init(_ response: VonageResponse) {
        switch response.status {
        case 200..<300:
            guard let page = response.body.flatMap(ReportsPage.init) else {
                self = .later("it answers what is not a page of records", pause: nil)
                return
            }
            self = .receipts(page.receipts, records: page.recordCount)
        case 401, 402, 403, 404:
            self = .noAccess(response.problem)
        case 429:
            let seconds = response.retryAfter.flatMap { Int($0) } ?? 1
            self = .later("too many requests", pause: .seconds(min(max(seconds, 1), 3_600)))
        case 400..<500:
            self = .refused(response.problem)
        default:
            self = .later("status \(response.status)", pause: nil)
        }
    }

    fileprivate var word: String {
        switch self {
        case .receipts(let receipts, let records): "\(records) records, \(receipts.count) receipts"
        case .noAccess(let problem), .refused(let problem): "status \(problem.status ?? 0)"
        case .later(let reason, _): reason
        }
    }
}
