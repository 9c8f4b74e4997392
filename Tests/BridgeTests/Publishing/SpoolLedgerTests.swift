import Contracts
import SMSCore
import Testing

@testable import Bridge

@Suite("What is known of the spool")
struct SpoolLedgerTests {
    private let open = SpoolRoute(event("", "open"))
    private let full = SpoolRoute(event("", "full"))

    private func spool(_ key: String, to route: SpoolRoute, in ledger: inout SpoolLedger) {
        ledger.spooling()
        ledger.spooled(key: key, to: route)
    }

    private func spooled(_ number: Int64, _ routingKey: String, key: String) -> SpooledEvent {
        SpooledEvent(number: number, key: key, message: event("\(number)", routingKey), at: Timestamp(milliseconds: 0))
    }

    @Test("with nothing in the spool everything is published, and no pass is needed")
    func empty() {
        let ledger = SpoolLedger()
        #expect(ledger.mayPublish(key: "a", to: open))
        #expect(!ledger.needsPass(now: .zero))
        #expect(!ledger.isResting(now: .zero))
    }

    @Test("what an earlier run has left holds everything until a pass has ended")
    func leftovers() {
        var ledger = SpoolLedger()
        ledger.begin(waiting: 1, keys: ["a"])
        #expect(!ledger.mayPublish(key: "b", to: open))
        let mustQueue = ["a", "b"].map { ledger.hasToQueue(key: $0, to: open, now: .zero) }
        #expect(mustQueue == [true, false])
        let pass = ledger.resumePass()
        ledger.removed(1)
        ledger.ended(pass)
        #expect(ledger.waiting == 0)
        #expect(ledger.mayPublish(key: "a", to: open))
    }

    @Test("a key with something in the spool queues, the others do not")
    func keys() {
        var ledger = SpoolLedger()
        spool("a", to: full, in: &ledger)
        #expect(ledger.waiting == 1)
        #expect(!ledger.mayPublish(key: "a", to: open))
        #expect(ledger.mayPublish(key: "b", to: open))
        #expect(ledger.needsPass(now: .zero))
    }

    @Test("what could not be spooled holds nothing")
    func notSpooled() {
        var ledger = SpoolLedger()
        ledger.spooling()
        #expect(ledger.waiting == 1)
        ledger.notSpooled()
        #expect(ledger.waiting == 0)
        #expect(ledger.mayPublish(key: "a", to: open))
    }

    @Test("a refusal pauses its route: new webhooks queue, and events of commands try it when the pause is over")
    func refusal() {
        var ledger = SpoolLedger()
        ledger.notTaken(by: full, isBrokerAway: false, now: .zero)
        #expect(!ledger.mayPublish(key: "a", to: full))
        #expect(ledger.mayPublish(key: "a", to: open))
        // One event tries the route when its pause is over; the others go on queueing.
        let moments: [Duration] = [.milliseconds(999), .seconds(1), .seconds(1)]
        let mustQueue = moments.map { ledger.hasToQueue(key: "a", to: full, now: $0) }
        #expect(mustQueue == [true, false, true])
        ledger.taken(by: full)
        #expect(ledger.mayPublish(key: "a", to: full))
    }

    @Test("one event without an answer holds all, until a pass ends with anything else")
    func away() {
        var ledger = SpoolLedger()
        ledger.notTaken(by: open, isBrokerAway: true, now: .zero)
        #expect(ledger.isHolding)
        #expect(!ledger.mayPublish(key: "a", to: full))
        #expect(ledger.needsPass(now: .zero), "to learn whether the broker is back")
        let pass = ledger.resumePass()
        ledger.ended(pass)
        #expect(!ledger.isHolding)
        #expect(ledger.mayPublish(key: "a", to: open))
    }

    @Test("a turn tries one event of each key, and one of each unknown route")
    func turn() {
        var ledger = SpoolLedger()
        for (key, route) in [("a", open), ("a", open), ("b", open), ("c", full)] { spool(key, to: route, in: &ledger) }
        var pass = ledger.resumePass()
        let page = [
            spooled(1, "open", key: "a"), spooled(2, "open", key: "a"), spooled(3, "open", key: "b"),
            spooled(4, "full", key: "c"),
        ]
        var lines = pass.lines(of: page)
        #expect(lines.map(\.key) == ["a", "b", "c"])
        let first = ledger.turn(of: &lines, in: pass, now: .zero)
        #expect(first == [0, 2])
        lines[0].note(nil)
        pass.note(open, nil)
        lines[2].note(.refused)
        pass.note(full, .refused)
        ledger.note(full, .refused, now: .zero)
        let second = ledger.turn(of: &lines, in: pass, now: .zero)
        #expect(second == [0, 1], "the open route is known to be open")
        lines[0].note(nil)
        lines[1].note(nil)
        let third = ledger.turn(of: &lines, in: pass, now: .zero)
        #expect(third.isEmpty)
        #expect(lines.map(\.taken) == [[1, 2], [3], []])
        pass.note(page, lines)
        #expect(pass.position == 4)
        ledger.removed(3)
        ledger.ended(pass)
        #expect(ledger.waiting == 1)
        #expect(ledger.mayPublish(key: "a", to: open))
        #expect(!ledger.mayPublish(key: "c", to: open), "its event is still in the spool")
        #expect(ledger.isResting(now: .milliseconds(999)))
        #expect(ledger.needsPass(now: .seconds(1)))
    }

    @Test("a key that left an event behind waits for the next pass, whatever its later events' routes")
    func stuckKey() {
        var pass = SpoolPass()
        var lines = pass.lines(of: [spooled(1, "full", key: "a")])
        lines[0].note(.refused)
        pass.note(full, .refused)
        pass.note([spooled(1, "full", key: "a")], lines)
        let next = pass.lines(of: [spooled(2, "open", key: "a"), spooled(3, "open", key: "b")])
        #expect(next.map(\.key) == ["b"])
    }

    @Test("what is spooled while a pass runs holds its key after the pass")
    func behindThePass() {
        var ledger = SpoolLedger()
        let pass = ledger.resumePass()
        spool("a", to: open, in: &ledger)
        ledger.ended(pass)
        #expect(!ledger.mayPublish(key: "a", to: open))
        #expect(ledger.needsPass(now: .zero))
    }

    @Test("an interrupted pass is resumed where it was")
    func resumed() {
        var ledger = SpoolLedger()
        var pass = ledger.resumePass()
        pass.note([spooled(7, "open", key: "a")], [])
        ledger.interrupted(pass)
        let resumed = ledger.resumePass()
        #expect(resumed.position == 7)
        ledger.ended(resumed)
        let next = ledger.resumePass()
        #expect(next.position == 0)
    }
}

@Suite("The pauses of refused routes")
struct RoutePausesTests {
    private let route = SpoolRoute(event("", "full"))

    @Test("the first is a second long, each trial doubles it, up to five minutes")
    func doubling() {
        var pauses = RoutePauses()
        pauses.refused(route, now: .zero)
        var now = Duration.zero
        var lengths: [Duration] = []
        for _ in 0..<12 {
            let end = pauses.next ?? .zero
            lengths.append(end - now)
            now = end
            let mayTry = [now - .milliseconds(1), now].map { pauses.mayTry(route, now: $0) }
            #expect(mayTry == [false, true])
        }
        #expect(lengths == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300].map { .seconds($0) })
    }

    @Test("refusals of what was under way do not prolong a pause, and what is taken ends it")
    func ends() {
        var pauses = RoutePauses()
        pauses.refused(route, now: .zero)
        pauses.refused(route, now: .milliseconds(900))
        #expect(pauses.next == .seconds(1))
        pauses.taken(route)
        #expect(pauses.next == nil)
        #expect(!pauses.contains(route))
    }
}
