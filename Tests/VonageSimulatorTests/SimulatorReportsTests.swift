import FoundationEssentials
import NIOHTTP1
import Testing

@testable import VonageSimulator

@Suite("The Reports API of the simulator", .timeLimit(.minutes(3)))
struct SimulatorReportsTests {
    private static let path = "/v2/reports/records?product=MESSAGES&account_id=abcd1234&direction=outbound"
    private static let basic = "Basic " + Data("abcd1234:secret".utf8).base64EncodedString()

    private struct Page: Decodable {
        let records: [[String: String]]
        let itemsCount: Int
        let idsNotFound: String?
        let cursor: String?

        private enum CodingKeys: String, CodingKey {
            case records, cursor
            case itemsCount = "items_count"
            case idsNotFound = "ids_not_found"
        }
    }

    private func get(_ query: String, _ simulator: VonageSimulator, _ authorization: String? = basic) async throws
        -> Answer
    {
        try await simulator.request(.GET, Self.path + query, authorization: authorization)
    }

    @Test("records by id, with the messages' ends whether receipts were sent or not")
    func byID() async throws {
        try await withSimulator {
            $0.credentials = .init(apiKey: "abcd1234", apiSecret: "secret")
        } _: { simulator async throws in
            simulator.setFaults([
                FaultRule(.failReceipt, times: 1, error: 1300),
                FaultRule(.noReceipt, times: 1, status: "undeliverable"), FaultRule(.noReceipt),
            ])
            for _ in 0..<3 { #expect(try await simulator.send(authorization: Self.basic).status == 202) }
            let ids = simulator.messages.map(\.messageUUID)
            let answer = try await get("&id=" + (ids + ["no-such-id"]).joined(separator: ","), simulator)
            #expect(answer.status == 200, "\(answer.body)")
            let page = try JSONDecoder().decode(Page.self, from: Data(answer.body.utf8))
            #expect(page.itemsCount == 3 && page.idsNotFound == "no-such-id" && page.cursor == nil)
            #expect(page.records.map { $0["message_id"] } == ids)
            #expect(page.records.allSatisfy { $0["client_ref"] == "ref" && $0["total_price"] == "0.0333" })
            let ends = ids.indices.map { index in
                simulator.reports.end(of: simulator.messages[index], now: .distantFuture)
            }
            #expect(ends.map(\.status) == ["rejected", "undeliverable", "delivered"])
            #expect(ends.map(\.error) == [1300, nil, nil])
            let early = simulator.reports.end(of: simulator.messages[0], now: simulator.messages[0].receivedAt)
            #expect(early.status == "submitted")
            #expect(simulator.reportQueries.map(\.records) == [3] && simulator.reportRequestCount == 1)
        }
    }

    @Test("what Vonage refuses is refused")
    func refused() async throws {
        try await withSimulator {
            $0.credentials = .init(apiKey: "abcd1234", apiSecret: "secret")
        } _: { simulator async throws in
            #expect(try await get("&id=x", simulator, nil).status == 401)
            #expect(try await get("&id=x", simulator, "Bearer a.b.c").status == 401)
            let ids = (0..<21).map { "\($0)" }.joined(separator: ",")
            #expect(try await get("&id=" + ids, simulator).status == 422)
            #expect(try await get("&id=x&to=447700900001", simulator).status == 422)
            let span = "&date_start=2026-11-01T00:00:00Z&date_end=2026-11-03T00:00:00Z"
            #expect(try await get(span, simulator).status == 422)
            let bare = try await simulator.request(.GET, "/v2/reports/records", authorization: Self.basic)
            #expect(bare.status == 422)
            #expect(simulator.reportQueries.isEmpty)
        }
    }

    @Test("a fault of the reports leaves sending alone")
    func fault() async throws {
        try await withSimulator { simulator async throws in
            simulator.setFaults([FaultRule(.reportsStatus, times: 1, status: "429", retryAfter: 3)])
            #expect(try await simulator.send().status == 202)
            let answer = try await get("&id=x", simulator)
            #expect(answer.status == 429 && answer.headers.first(name: "Retry-After") == "3")
            #expect(try await get("&id=x", simulator).status == 200)
        }
    }
}
