import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("The spool's worker", .timeLimit(.minutes(3)))
struct SpoolWorkerTests {
    @Test("looks at once when there is something to publish, and less often while all of it is refused")
    func pauses() async throws {
        let publisher = RoutedPublisher()
        publisher.fail("full", with: .refused)
        let clock = ImmediateClock()
        let outlet = Outlet(publisher, time: Stopwatch(clock))
        #expect(try await outlet.keep(event("1", "full"), key: "k"))
        try await withThrowingTaskGroup { group in
            group.addTask { try await SpoolWorker(outlet: outlet, clock: clock, logger: .quiet).run() }
            while clock.slept.count < 6 { await Task.yield() }
            publisher.fail("full", with: nil)
            while outlet.spooledCount > 0 { await Task.yield() }
            let slept = clock.slept.count
            while clock.slept.count < slept + 2 { await Task.yield() }
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(publisher.names == ["1"])
        #expect(Array(clock.slept[..<6]) == [1, 2, 4, 5, 5, 5].map { .seconds($0) })
        #expect(clock.slept.last == .milliseconds(500))
    }
}
