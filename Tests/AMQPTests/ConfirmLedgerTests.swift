import Testing

@testable import AMQP

@Suite("Confirms by tag")
struct ConfirmLedgerTests {
    private func ledger(_ ids: String...) -> ConfirmLedger<String> {
        var ledger = ConfirmLedger<String>()
        for id in ids { ledger.append(id) }
        return ledger
    }

    @Test("Tags count from one, and each is settled once")
    func single() {
        var ledger = ConfirmLedger<String>()
        #expect(ledger.append("a") == 1)
        #expect(ledger.append("b") == 2)
        #expect(ledger.settle(tag: 2, multiple: false) == ["b"])
        #expect(ledger.settle(tag: 2, multiple: false).isEmpty)
        #expect(ledger.settle(tag: 1, multiple: false) == ["a"])
        #expect(ledger.isEmpty)
        #expect(ledger.append("c") == 3)
    }

    @Test("Multiple settles everything up to its tag that is still open")
    func multiple() {
        var ledger = ledger("a", "b", "c", "d")
        _ = ledger.settle(tag: 2, multiple: false)
        #expect(ledger.settle(tag: 3, multiple: true) == ["a", "c"])
        #expect(Array(ledger.pending) == ["d"])
    }

    @Test("Tag 0 with multiple means everything so far")
    func zero() {
        var ledger = ledger("a", "b")
        #expect(ledger.settle(tag: 0, multiple: false).isEmpty)
        #expect(ledger.settle(tag: 0, multiple: true) == ["a", "b"])
        #expect(ledger.settle(tag: 0, multiple: true).isEmpty)
    }

    @Test("Unknown tags are tolerated", arguments: [0, 5, 6, UInt64.max])
    func unknown(tag: UInt64) {
        var ledger = ledger("a", "b", "c", "d")
        #expect(ledger.settle(tag: tag, multiple: false).isEmpty)
        #expect(ledger.pendingCount == 4)
    }

    @Test("Draining gives what is open, in order, and the tags go on")
    func drain() {
        var ledger = ledger("a", "b", "c")
        _ = ledger.settle(tag: 2, multiple: false)
        #expect(ledger.drain() == ["a", "c"])
        #expect(ledger.isEmpty)
        #expect(ledger.settle(tag: 3, multiple: true).isEmpty)
    }
}
