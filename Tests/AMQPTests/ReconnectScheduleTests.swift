import Testing

@testable import AMQP

@Suite("When to connect again")
struct ReconnectScheduleTests {
    @Test("The ceiling doubles from the first pause to the longest, and stays there")
    func growth() {
        var schedule = ReconnectSchedule(.milliseconds(500) ... .seconds(30))
        let pauses = (0..<9).map { _ in schedule.nextDelay(fraction: 1) }
        #expect(pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30].map { Duration.seconds($0) })
        for _ in 0..<10_000 { _ = schedule.nextDelay(fraction: 1) }
        #expect(schedule.nextDelay(fraction: 1) == .seconds(30))
    }

    @Test("The jitter is full, but never less than half the first pause")
    func jitter() {
        var schedule = ReconnectSchedule(.milliseconds(500) ... .seconds(30))
        #expect(schedule.nextDelay(fraction: 0) == .milliseconds(250))
        #expect(schedule.nextDelay(fraction: 0.5) == .milliseconds(500))
        #expect(schedule.nextDelay(fraction: -3) == .milliseconds(250))
        #expect(schedule.nextDelay(fraction: 7) == .seconds(4))
    }

    @Test("It begins anew after a reset")
    func reset() {
        var schedule = ReconnectSchedule(.seconds(1) ... .seconds(30))
        for _ in 0..<5 { _ = schedule.nextDelay(fraction: 1) }
        schedule.reset()
        #expect(schedule.nextDelay(fraction: 1) == .seconds(1))
    }
}
