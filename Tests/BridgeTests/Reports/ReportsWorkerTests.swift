import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("Asking for receipts", .timeLimit(.minutes(3)))
struct ReportsWorkerTests {
    private func overdue(_ count: Int, budget: Int = 1_000) async throws -> EndsBench<InMemoryStore> {
        let bench = EndsBench(InMemoryStore(), budget: budget)
        for number in 0..<count { try await bench.accept("m-\(number)") }
        bench.pass(.seconds(72 * 3_600))
        await bench.overdueWorker().publishDue()
        return bench
    }

    @Test("twenty ids a request; each end is an ordinary receipt, and its webhook afterwards a repeat")
    func ends() async throws {
        let bench = try await overdue(41)
        for number in 0..<41 { bench.reports.know(bench.receipt("m-\(number)", "delivered")) }
        let worker = bench.reportsWorker()
        for _ in 0..<3 { #expect(await worker.step() == ReportSchedule.pace) }
        #expect(await worker.step() == nil)
        #expect(bench.reports.asked.map(\.count) == [20, 20, 1])
        let ends = try bench.events().filter(\.data.final)
        #expect(ends.count == 41 && ends.allSatisfy { $0.data.source == .reports && !$0.data.superseded })
        #expect(try await bench.store.overdueCount() == 0)
        var webhook = bench.receipt("m-7", "delivered")
        webhook.timestamp = bench.now
        let handled = try await bench.flow.take(webhook, from: .webhook)
        #expect(handled.label == "repeated")
        #expect(try bench.events().filter(\.data.final).count == 41)
    }

    @Test("what has no end yet is asked about again, four times in all")
    func again() async throws {
        let bench = try await overdue(1)
        bench.reports.know(bench.receipt("m-0", "submitted"))
        let worker = bench.reportsWorker()
        var asked: [Int] = []
        for wait in [Duration.zero] + ReportSchedule.waits + [.seconds(86_400 * 9)] {
            bench.pass(wait)
            while await worker.step() != nil {}
            asked.append(bench.reports.asked.count)
        }
        #expect(asked == [1, 2, 3, 4, 4])
        // The same answer four times is one event.
        #expect(try bench.events().map(\.data.status) == ["overdue", "submitted"])
    }

    @Test("never more records a day than the budget, over a restart; the next day goes on")
    func budget() async throws {
        let bench = try await overdue(50, budget: 30)
        for number in 0..<50 { bench.reports.know(bench.receipt("m-\(number)", "delivered")) }
        _ = await bench.reportsWorker().step()
        _ = await bench.reportsWorker().step()
        #expect(await bench.reportsWorker().step() == .seconds(60))
        #expect(bench.reports.asked.map(\.count) == [20, 10])
        #expect(bench.state.detail?.contains("RECONCILE_BUDGET") == true)
        bench.pass(.seconds(86_400))
        while await bench.reportsWorker().step() == ReportSchedule.pace {}
        #expect(bench.reports.asked.map(\.count) == [20, 10, 20])
        #expect(bench.state.standing == .well)
    }

    @Test("an account without access is named plainly, and asked again after an hour")
    func noAccess() async throws {
        let bench = try await overdue(1)
        bench.reports.answer([.noAccess(ProviderProblem(status: 403, title: "Forbidden"))])
        bench.reports.know(bench.receipt("m-0", "delivered"))
        let worker = bench.reportsWorker()
        #expect(await worker.step() == .seconds(3_600))
        #expect(bench.state.detail?.contains("no access to Vonage's Reports API (403 Forbidden)") == true)
        bench.pass(.seconds(3_600))
        #expect(await worker.step() == ReportSchedule.pace)
        #expect(bench.state.detail == nil)
        #expect(try bench.events().last?.data.final == true)
    }

    @Test("failures are tried again with back-off, a 429 after its pause; nothing is spent on them")
    func failures() async throws {
        let bench = try await overdue(1, budget: 1)
        bench.reports.answer([
            .later("status 503", pause: nil), .later("status 503", pause: nil),
            .later("too many requests", pause: .seconds(7)),
        ])
        bench.reports.know(bench.receipt("m-0", "delivered"))
        let worker = bench.reportsWorker()
        for pause in [1, 2, 7] {
            #expect(await worker.step() == .seconds(pause))
            bench.pass(.seconds(121))
        }
        #expect(await worker.step() == ReportSchedule.pace)
        #expect(try bench.events().last?.data.final == true)
    }

    @Test("a refused request is not repeated without end")
    func refused() async throws {
        let bench = try await overdue(1)
        bench.reports.answer([.refused(ProviderProblem(status: 422, title: "Invalid params"))])
        let worker = bench.reportsWorker()
        #expect(await worker.step() == .seconds(1))
        bench.pass(.seconds(600))
        #expect(await worker.step() == nil)
        #expect(bench.reports.asked.count == 1)
    }

    private func uncertain(_ id: String, _ bench: EndsBench<InMemoryStore>) async throws {
        var record = Samples.record(id, at: bench.now)
        record.facts.to = "+14155550101"
        record.attempts = 1
        record.state = .uncertain(since: bench.now)
        _ = try #require(try await bench.store.save(record))
    }

    @Test("a request without an answer is settled by the record with its reference")
    func proof() async throws {
        let bench = EndsBench(InMemoryStore())
        try await uncertain("doubt", bench)
        bench.reports.know(bench.receipt("doubt", "delivered", to: "14155550101"))
        bench.reports.know(bench.receipt("another", "delivered", to: "14155550101"))
        let worker = bench.reportsWorker()
        #expect(await worker.step() == nil, "it is too early")
        bench.pass(.seconds(30))
        #expect(await worker.step() == ReportSchedule.pace)
        #expect(bench.reports.searched == ["14155550101"])
        let record = try #require(try await bench.store.record(of: Samples.id("doubt")))
        #expect(record.settlement?.outcome == .accepted && record.settlement?.messageUUID == "u-doubt")
        #expect(try bench.events().map(\.subject) == ["u-doubt"], "what others sent there is not ours to publish")
    }

    @Test("no record proves nothing: it is searched for twice, and stays uncertain")
    func noProof() async throws {
        let bench = EndsBench(InMemoryStore())
        try await uncertain("doubt", bench)
        bench.reports.know(bench.receipt("another", "delivered", to: "14155550101"))
        let worker = bench.reportsWorker()
        for _ in 0..<6 {
            bench.pass(.seconds(30))
            while await worker.step() != nil {}
        }
        #expect(bench.reports.searched.count == 2)
        #expect(try await bench.store.record(of: Samples.id("doubt"))?.isUncertain == true)
        #expect(try bench.events().isEmpty)
    }
}
