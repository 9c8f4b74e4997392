import Contracts
import SMSCore
import Testing
import VonageSimulator

@testable import Vonage

@Suite("Asking for reports", .timeLimit(.minutes(3)))
struct VonageReportsTests {
    /// Messages at a simulator that sends no receipts, and a client of its reports.
    private func ask<Result: Sendable>(
        _ count: Int,
        secret: String = "secret",
        _ body: (VonageReports, VonageSimulator) async throws -> Result
    ) async throws -> Result {
        try await withSimulator {
            $0.credentials = .init(apiKey: "abcd1234", apiSecret: "secret")
        } _: { simulator in
            simulator.setFaults([FaultRule(.noReceipt, times: 1, status: "rejected", error: 1240)])
            try await withClient(simulator.url) { client in
                for _ in 0..<count { #expect(await client.send(hello).label == "accepted") }
            }
            let reports = VonageReports(
                apiURL: simulator.url + "/",
                apiKey: "abcd1234",
                apiSecret: secret,
                logger: quietLogger()
            )
            let result = try await body(reports, simulator)
            await reports.shutdown()
            return result
        }
    }

    @Test("by id: what became of each, and what it cost; what is not known there is left out")
    func byID() async throws {
        try await ask(3) { reports, simulator in
            let ids = simulator.messages.map(\.messageUUID)
            var answer = ReportsAnswer.later("", pause: nil)
            // A message is `submitted` at first; a slow machine is past that.
            for _ in 0..<200 {
                answer = await reports.receipts(of: ids + ["unknown"])
                guard case .receipts(let receipts, _) = answer, receipts.contains(where: { $0.status == "submitted" })
                else { break }
            }
            guard case .receipts(let receipts, let records) = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(records == 3 && receipts.map(\.messageUUID) == ids)
            #expect(receipts.map(\.status) == ["rejected", "delivered", "delivered"])
            let first = try #require(receipts.first)
            #expect(first.error == ReceiptError(code: "1240", title: "Illegal number", class: .recipient))
            #expect(first.saysOptedOut && first.reference == "ref-1")
            #expect(first.to == "447700900001" && first.from == "14155550100")
            #expect(first.usage == Usage(currency: "EUR", price: "0.0333") && first.networkCode == "23410")
            #expect(first.timestamp != nil)
        }
    }

    @Test("by recipient and time")
    func byTime() async throws {
        try await ask(2) { reports, simulator in
            let now = Timestamp.now
            let answer = await reports.receipts(
                to: "447700900001",
                from: now - .seconds(600),
                until: now + .seconds(60)
            )
            guard case .receipts(let receipts, _) = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(receipts.count == 2 && receipts.allSatisfy { $0.reference == "ref-1" })
            let others = await reports.receipts(to: "447700900002", from: now - .seconds(600), until: now)
            #expect(others == .receipts([], records: 0))
            let earlier = await reports.receipts(
                to: "447700900001",
                from: now - .seconds(7_200),
                until: now - .seconds(3_600)
            )
            #expect(earlier == .receipts([], records: 0))
        }
    }

    @Test("a wrong secret, and an account without access, are said so")
    func noAccess() async throws {
        try await ask(1, secret: "wrong") { reports, _ in
            guard case .noAccess(let problem) = await reports.receipts(of: ["x"]) else {
                Issue.record("it was answered")
                return
            }
            #expect(problem.status == 401 && problem.title?.isEmpty == false)
        }
        try await ask(1) { reports, simulator in
            simulator.setFaults([
                FaultRule(.reportsStatus, times: 1, status: "403"),
                FaultRule(.reportsStatus, times: 1, status: "429", retryAfter: 7),
                FaultRule(.reportsStatus, times: 1, status: "500"),
                FaultRule(.reportsStatus, times: 1, status: "422"),
            ])
            guard case .noAccess = await reports.receipts(of: ["x"]) else {
                Issue.record("403 is no access")
                return
            }
            #expect(await reports.receipts(of: ["x"]) == .later("too many requests", pause: .seconds(7)))
            #expect(await reports.receipts(of: ["x"]) == .later("status 500", pause: nil))
            guard case .refused(let problem) = await reports.receipts(of: ["x"]) else {
                Issue.record("422 is a refusal")
                return
            }
            #expect(problem.status == 422)
        }
        let gone = VonageReports(apiURL: "http://127.0.0.1:1", apiKey: "k", apiSecret: "s", logger: quietLogger())
        guard case .later = await gone.receipts(of: ["x"]) else {
            Issue.record("nothing answers there")
            return
        }
        await gone.shutdown()
    }

    @Test(
        "what is no page of records is a failure, and records that say too little are paid for and passed over",
        arguments: [
            ("", nil), ("{}", nil), (#"{"records":{}}"#, nil), (#"{"records":[]}"#, 0),
            (
                #"{"records":[{"message_id":"u"},{"status":"delivered"},7,{"message_id":"v","status":"read","provider":"viber"}]}"#,
                4
            ),
        ]
            as [(String, Int?)]
    )
    func pages(text: String, count: Int?) {
        let page = ReportsPage(Array(text.utf8))
        #expect(page?.recordCount == count)
        #expect(page?.receipts ?? [] == [])
    }
}
