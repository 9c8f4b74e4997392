import Testing

@testable import App

@Suite("What a walk through the letters remembers")
struct DeadLetterLedgerTests {
    private func letter(_ number: Int) -> DeadLetters.Fingerprint {
        DeadLetters.Fingerprint(String(repeating: "\(number)", count: 64))
    }

    @Test("shows as many as there were, and is over")
    func count() {
        var ledger = DeadLetters.Ledger(visits: 2)
        #expect(ledger.receive(letter(1)) == .visit)
        ledger.kept(letter(1))
        #expect(!ledger.isOver)
        #expect(ledger.expected == 1)
        #expect(ledger.receive(letter(2)) == .visit)
        ledger.removed(letter(2), isAcked: true)
        #expect(ledger.isOver)
        #expect(ledger.expected == 0)
        #expect(DeadLetters.Ledger(visits: 0).isOver)
    }

    @Test("holds what was kept in an earlier round, shows what is new, and counts both as wanted")
    func kept() {
        var ledger = DeadLetters.Ledger(visits: 3)
        for number in 1...2 {
            #expect(ledger.receive(letter(number)) == .visit)
            ledger.kept(letter(number))
        }
        ledger.beginRound()
        #expect(ledger.expected == 3)
        #expect(ledger.receive(letter(1)) == .hold)
        #expect(ledger.receive(letter(3)) == .visit)
        ledger.kept(letter(3))
        #expect(ledger.isOver)
    }

    @Test("acknowledges what was removed and came again, without showing it")
    func removed() {
        var ledger = DeadLetters.Ledger(visits: 2)
        ledger.removed(letter(1), isAcked: true)
        ledger.beginRound()
        // The ack was written, and lost with the connection.
        #expect(ledger.receive(letter(1)) == .acknowledge)
        ledger.paid()
        #expect(ledger.receive(letter(2)) == .visit)
        ledger.kept(letter(2))
        #expect(ledger.isOver)
    }

    @Test("is not over while a letter that was to go has not gone")
    func unpaid() {
        var ledger = DeadLetters.Ledger(visits: 1)
        ledger.removed(letter(1), isAcked: false)
        #expect(!ledger.isOver)
        ledger.beginRound()
        #expect(ledger.expected == 1)
        #expect(ledger.receive(letter(1)) == .acknowledge)
        ledger.paid()
        #expect(ledger.isOver)
    }

    @Test("distinguishes dead letters that are alike by counting them")
    func alike() {
        var ledger = DeadLetters.Ledger(visits: 3)
        ledger.kept(letter(1))
        ledger.beginRound()
        #expect(ledger.receive(letter(1)) == .hold)
        #expect(ledger.receive(letter(1)) == .visit)
        ledger.removed(letter(1), isAcked: true)
        ledger.beginRound()
        #expect(ledger.receive(letter(1)) == .hold)
        #expect(ledger.receive(letter(1)) == .acknowledge)
        #expect(ledger.receive(letter(1)) == .visit)
    }
}
