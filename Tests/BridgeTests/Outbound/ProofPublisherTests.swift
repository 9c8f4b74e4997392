import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("The publisher of proved outcomes", .timeLimit(.minutes(3)))
struct ProofPublisherTests {
    private let bench = Bench()

    /// A command that a receipt has proved accepted while its copy is in the broker.
    private func proved(_ id: String, wait: Int = 1, isPublished: Bool = false) async throws {
        var record = Samples.record(id)
        record.wait = wait
        record.isPublished = isPublished
        record.state = .settled(
            Settlement(outcome: .accepted, messageUUID: "u-\(id)", error: nil, at: Samples.moment)
        )
        _ = try await bench.store.save(record)
    }

    /// Runs a publisher while a test does its part.
    private func running(_ publisher: ProofPublisher, _ part: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await publisher.run() }
            try await part()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func isPublished(_ id: String) async throws -> Bool { try await bench.record(id)?.isPublished == true }

    @Test("publishes what was proved before it ran and while it runs, each once, and marks it published")
    func publishes() async throws {
        let publisher = ProofPublisher(flow: bench.flow)
        for id in ["a-1", "a-2"] { try await proved(id) }
        publisher.publish(Samples.id("a-1"))
        try await running(publisher) {
            while try await !isPublished("a-1") { await Task.yield() }
            publisher.publish(Samples.id("a-1"))
            publisher.publish(Samples.id("a-2"))
            while try await !isPublished("a-2") { await Task.yield() }
        }
        #expect(try bench.publisher.events().map(\.id) == ["a-1/accepted", "a-2/accepted"])
        #expect(bench.publisher.routes == ["sms.outbound/accepted", "sms.outbound/accepted"])
    }

    @Test("leaves to its handler what has no copy in the broker, and alone what is published, unproved or unknown")
    func leaves() async throws {
        try await proved("handled", wait: 0)
        try await proved("published", isPublished: true)
        var open = Samples.record("open")
        open.wait = 1
        _ = try await bench.store.save(open)
        for id in ["handled", "published", "open", "unknown"] { try await bench.flow.publishProved(Samples.id(id)) }
        #expect(bench.publisher.published.isEmpty)
        #expect(try await !isPublished("handled"))
        try await proved("waiting")
        try await bench.flow.publishProved(Samples.id("waiting"))
        #expect(try bench.publisher.events().map(\.id) == ["waiting/accepted"])
    }

    @Test("ends when it is stopped while the broker is away; the copy publishes it then")
    func stopped() async throws {
        let publisher = ProofPublisher(flow: bench.flow)
        try await proved("a-1")
        bench.publisher.fail(with: Array(repeating: .unavailable("away"), count: 100_000))
        publisher.publish(Samples.id("a-1"))
        try await running(publisher) {
            while bench.clock.slept.isEmpty { await Task.yield() }
        }
        #expect(bench.publisher.published.isEmpty)
        #expect(try await !isPublished("a-1"))
    }
}
