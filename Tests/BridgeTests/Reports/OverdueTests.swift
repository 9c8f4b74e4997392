import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("Messages without a final receipt", .timeLimit(.minutes(3)))
struct OverdueTests {
    private let bench = EndsBench(InMemoryStore())

    @Test("are published as overdue once, when their time has come, with what is known of them")
    func once() async throws {
        try await bench.accept("a", campaign: "spring")
        let worker = bench.overdueWorker()
        bench.pass(.seconds(72 * 3_600 - 1))
        await worker.publishDue()
        #expect(try bench.events().isEmpty)
        bench.pass(.seconds(3))
        await worker.publishDue()
        await worker.publishDue()
        // A process that is started again finds nothing either.
        await bench.overdueWorker().publishDue()
        let events = try bench.events()
        let event = try #require(events.first)
        #expect(events.count == 1)
        #expect(event.id == "u-a/overdue" && event.type == "sms.status.overdue" && event.subject == "u-a")
        #expect(event.data.status == "overdue" && !event.data.final && !event.data.superseded)
        #expect(event.data.waitedS == Int64(72 * 3_600 + 2))
        #expect(event.data.commandID == "a" && event.data.to == "+14155550100" && event.data.from == "+14155550199")
        #expect(event.data.campaignID == "spring" && event.data.metadata == ["k": "v"])
        #expect(event.data.providerStatus == nil && event.data.source == nil && event.data.timestamp == nil)
        #expect(bench.publisher.routes == ["sms.status/overdue.14155550199"])
        #expect(try await bench.store.overdueCount() == 1)
    }

    @Test("are not overdue when the receipt came, and a receipt that comes later is published as ever")
    func late() async throws {
        try await bench.accept("in-time")
        try await bench.accept("late")
        _ = try await bench.flow.take(bench.receipt("in-time", "delivered"), from: .webhook)
        _ = try await bench.flow.take(bench.receipt("late", "submitted"), from: .webhook)
        bench.pass(.seconds(72 * 3_600))
        await bench.overdueWorker().publishDue()
        _ = try await bench.flow.take(bench.receipt("late", "delivered"), from: .webhook)
        let events = try bench.events()
        #expect(events.map(\.data.status) == ["delivered", "submitted", "overdue", "delivered"])
        #expect(events.last?.data.final == true && events.last?.data.superseded == false)
        #expect(events.last?.data.source == .webhook)
        #expect(try await bench.store.overdueCount() == 0)
    }

    @Test("are published again with the same id after a crash between publishing and noting")
    func crash() async throws {
        try await bench.accept("a")
        bench.pass(.seconds(72 * 3_600))
        let now = bench.now
        // The first process dies after the broker has confirmed.
        let claimed = try await bench.store.claimAwaited(acceptedUntil: now, limit: 1, now: now, lease: .seconds(60))
        let awaited = try #require(claimed.first)
        let record = try #require(try await bench.store.record(of: awaited.commandID))
        try await bench.publisher.publish(bench.flow.events.overdue(awaited, of: record, now: now))
        await bench.overdueWorker().publishDue()
        #expect(try bench.events().count == 1, "it is claimed still")
        bench.pass(OverdueWorker.lease)
        await bench.overdueWorker().publishDue()
        #expect(try bench.events().map(\.id) == ["u-a/overdue", "u-a/overdue"])
        bench.pass(OverdueWorker.lease)
        await bench.overdueWorker().publishDue()
        #expect(try bench.events().count == 2)
    }

    @Test("whose record is gone are forgotten without an event")
    func forgotten() async throws {
        try await bench.accept("a")
        bench.pass(.seconds(40 * 86_400))
        var record = try #require(try await bench.store.record(of: Samples.id("a")))
        record.keepUntil = bench.now
        _ = try await bench.store.save(record)
        #expect(try await bench.store.sweep(now: bench.now, notesBefore: bench.now - .seconds(9)) == 1)
        await bench.overdueWorker().publishDue()
        #expect(try bench.events().isEmpty)
    }
}
