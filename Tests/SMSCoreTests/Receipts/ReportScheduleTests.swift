import Contracts
import SMSCore
import Testing

@Suite("When the provider is asked")
struct ReportScheduleTests {
    private let now = Timestamp(milliseconds: 1_000_000)

    @Test("again after longer and longer waits, and then no more")
    func again() {
        #expect(ReportSchedule.next(afterAsks: 1, now: now) == now + .seconds(3_600))
        #expect(ReportSchedule.next(afterAsks: 3, now: now) == now + .seconds(86_400))
        #expect(ReportSchedule.next(afterAsks: 4, now: now) == nil)
    }

    @Test("after failures with a pause that doubles up to five minutes")
    func failures() {
        #expect(
            (1...4).map(ReportSchedule.pause(afterFailures:)) == [.seconds(1), .seconds(2), .seconds(4), .seconds(8)]
        )
        #expect(ReportSchedule.pause(afterFailures: 1_000) == .seconds(300))
    }

    @Test(
        "about an uncertain command twice: after a quarter and after three quarters of its wait",
        arguments: [(29, 0), (30, 1), (89, 1), (90, 2), (500, 2)]
    )
    func searches(age: Int, count: Int) {
        let since = now - .seconds(age)
        #expect(ReportSchedule.searches(since: since, wait: .seconds(120), now: now) == count)
    }
}
