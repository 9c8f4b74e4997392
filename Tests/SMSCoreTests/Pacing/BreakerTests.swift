import Contracts
import TestSupport
import Testing

@testable import SMSCore

@Suite("The breaker")
struct BreakerTests {
    private static let down = SubmitOutcome.unavailable(reason: "connection refused", nil)
    private static let fine = SubmitOutcome.accepted(messageUUID: "u")
    private static let broke = SubmitOutcome.accountTrouble(ProviderProblem(status: 402))

    private var breaker = Breaker()

    private mutating func answer(
        _ outcome: SubmitOutcome?,
        _ id: String,
        isProbe: Bool = false,
        granted: Duration = .zero,
        at now: Duration = .zero
    ) {
        if isProbe { breaker.beginProbe() }
        breaker.note(outcome, of: .of(id, isProbe: isProbe, at: granted), now: now, wall: Simulation.wall(now))
    }

    private var opening: Breaker.Opening? {
        switch breaker.state {
        case .closed: nil
        case .open(let opening), .probing(let opening): opening
        }
    }

    @Test("opens when five different commands in a row could not be taken")
    mutating func fiveDifferent() {
        for id in ["a", "b", "c", "d"] { answer(Self.down, id) }
        #expect(breaker.state == .closed)
        answer(Self.down, "e", at: .seconds(3))
        #expect(opening?.cause == .provider)
        #expect(opening?.detail == "provider: connection refused")
        #expect(opening?.since == .seconds(3))
        #expect(breaker.permit(at: .seconds(3)) == .nothing(until: .seconds(4)))
        #expect(breaker.permit(at: .seconds(4)) == .probe)
    }

    @Test("does not open for one command that fails again and again")
    mutating func oneCommand() {
        for _ in 0..<50 { answer(Self.down, "a") }
        #expect(breaker.state == .closed)
    }

    @Test(
        "begins to count anew after any answer",
        arguments: [fine, .refused(ProviderProblem(status: 422)), .throttled(retryAfter: .seconds(1))]
    )
    mutating func reset(answer between: SubmitOutcome) {
        for id in ["a", "b", "c", "d"] { answer(Self.down, id) }
        answer(between, "x")
        for id in ["e", "f", "g", "h"] { answer(Self.down, id) }
        #expect(breaker.state == .closed)
        answer(Self.down, "i")
        #expect(breaker.state != .closed)
    }

    @Test("counts a 5xx that leaves a command uncertain")
    mutating func uncertain() {
        for id in ["a", "b", "c", "d"] { answer(.uncertain(reason: "502", ProviderProblem(status: 502)), id) }
        #expect(breaker.state == .closed)
        answer(.uncertain(reason: "502", ProviderProblem(status: 502)), "h")
        #expect(opening?.detail == "provider: 502")
    }

    @Test("opens for five different commands in a row without an answer, probes, and closes on an answer")
    mutating func hangs() {
        for id in ["a", "b", "c", "d", "d"] { answer(.uncertain(reason: "no answer", nil), id) }
        #expect(breaker.state == .closed)
        answer(.uncertain(reason: "no answer", nil), "e", at: .seconds(10))
        #expect(opening?.cause == .provider)
        #expect(opening?.detail == "provider: no answer")
        #expect(breaker.permit(at: .seconds(11)) == .probe)
        answer(.uncertain(reason: "no answer", nil), "p", isProbe: true, granted: .seconds(11), at: .seconds(21))
        #expect(breaker.permit(at: .seconds(22)) == .nothing(until: .seconds(23)))
        answer(Self.fine, "q", isProbe: true, granted: .seconds(23), at: .seconds(24))
        #expect(breaker.state == .closed)
    }

    @Test("opens at once for the account's trouble")
    mutating func account() {
        answer(Self.broke, "a", at: .seconds(1))
        #expect(opening?.cause == .account)
        #expect(opening?.detail == "account: 402")
    }

    @Test("probes after 1 s, 2 s, 4 s … and at last every 5 min")
    mutating func backOff() {
        answer(Self.broke, "a")
        var now: Duration = .zero
        var waits: [Duration] = []
        for probe in 0..<12 {
            guard case .nothing(let until?) = breaker.permit(at: now) else {
                Issue.record("not open")
                return
            }
            waits.append(until - now)
            now = until
            #expect(breaker.permit(at: now) == .probe)
            answer(Self.broke, "p\(probe)", isProbe: true, granted: now, at: now)
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300].map { .seconds($0) })
    }

    @Test("lets one probe go at a time")
    mutating func oneProbe() {
        answer(Self.broke, "a")
        breaker.beginProbe()
        #expect(breaker.permit(at: .seconds(500)) == .nothing(until: nil))
    }

    @Test(
        "after a probe",
        arguments: [
            (fine, nil, nil),
            (.refused(ProviderProblem(status: 422)), nil, nil),
            (.throttled(retryAfter: .seconds(9)), nil, .account),
            (.unavailable(reason: "503", ProviderProblem(status: 503)), .provider, .account),
            (.uncertain(reason: "no answer", nil), .provider, .account),
            (broke, .account, .account),
        ] as [(SubmitOutcome, Breaker.Cause?, Breaker.Cause?)]
    )
    mutating func probeOutcomes(outcome: SubmitOutcome, fromProvider: Breaker.Cause?, fromAccount: Breaker.Cause?) {
        for id in ["a", "b", "c", "d", "e"] { answer(Self.down, id) }
        answer(outcome, "p", isProbe: true, granted: .seconds(1), at: .seconds(1))
        #expect(opening?.cause == fromProvider)

        breaker = Breaker()
        answer(Self.broke, "a")
        answer(outcome, "p", isProbe: true, granted: .seconds(1), at: .seconds(1))
        #expect(opening?.cause == fromAccount)
    }

    @Test("lets the next probe go at once when one was given back")
    mutating func givenBack() {
        answer(Self.broke, "a")
        answer(nil, "p", isProbe: true, granted: .seconds(1), at: .seconds(1))
        #expect(breaker.permit(at: .seconds(1)) == .probe)
    }

    @Test("is neither closed nor opened again by what was under way when it opened")
    mutating func underWay() {
        answer(Self.broke, "a", granted: .zero, at: .seconds(5))
        answer(Self.fine, "b", granted: .seconds(4), at: .seconds(5))
        #expect(breaker.state != .closed)
        answer(Self.fine, "p", isProbe: true, granted: .seconds(6), at: .seconds(6))
        #expect(breaker.state == .closed)
        answer(Self.broke, "c", granted: .seconds(4), at: .seconds(7))
        #expect(breaker.state == .closed)
        answer(Self.broke, "d", granted: .seconds(7), at: .seconds(8))
        #expect(breaker.state != .closed)
    }

    @Test("does not stop the others for a command that is refused again although another was accepted in between")
    mutating func ownFault() throws {
        answer(Self.broke, "bad", at: .seconds(1))
        answer(Self.fine, "good", isProbe: true, granted: .seconds(2), at: .seconds(2))
        answer(Self.broke, "bad", granted: .seconds(3), at: .seconds(3))
        #expect(breaker.state == .closed)
        #expect(
            breaker.acceptances.wasAnotherAccepted(
                after: Simulation.wall(.seconds(1)),
                than: try #require(CommandID("bad"))
            )
        )
    }

    @Test("takes commands that met the trouble for bad probes, until it closes")
    mutating func freshness() throws {
        let ids = try ["a", "b", "c"].map { try #require(CommandID($0)) }
        answer(Self.broke, "a")
        #expect(ids.map(breaker.isFresh) == [false, true, true])
        answer(Self.broke, "b", isProbe: true, granted: .seconds(1), at: .seconds(1))
        #expect(ids.map(breaker.isFresh) == [false, false, true])
        answer(Self.fine, "c", isProbe: true, granted: .seconds(3), at: .seconds(3))
        #expect(ids.map(breaker.isFresh) == [true, true, true])
    }
}

@Suite("The memory of acceptances")
struct AcceptanceMemoryTests {
    private func id(_ text: String) -> CommandID { CommandID(text).unsafelyUnwrapped }
    private func at(_ second: Int) -> Timestamp { Simulation.wall(.seconds(second)) }

    @Test("knows of another command only what was sent after the moment")
    func another() {
        var memory = AcceptanceMemory()
        #expect(!memory.wasAnotherAccepted(after: at(0), than: id("a")))
        memory.note(id("b"), sentAt: at(5))
        #expect(memory.wasAnotherAccepted(after: at(4), than: id("a")))
        #expect(!memory.wasAnotherAccepted(after: at(5), than: id("a")))
        #expect(!memory.wasAnotherAccepted(after: at(4), than: id("b")))
    }

    @Test("is the same as looking at all of them, in random order")
    func model() {
        var random = SplitMix64()
        for _ in 0..<300 {
            var memory = AcceptanceMemory()
            var all: [(CommandID, Int)] = []
            for _ in 0..<8 {
                let new = (id("\(Int.random(in: 0..<4, using: &random))"), Int.random(in: 0..<20, using: &random))
                all.append(new)
                memory.note(new.0, sentAt: at(new.1))
                for asked in 0..<5 {
                    for moment in 0..<20 {
                        let expected = all.contains { $0.0 != id("\(asked)") && $0.1 > moment }
                        let answer = memory.wasAnotherAccepted(after: at(moment), than: id("\(asked)"))
                        #expect(answer == expected, "seed \(random.seed)")
                    }
                }
            }
        }
    }
}
