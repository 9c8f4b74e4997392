import Testing

@testable import AMQP

@Suite("Settlements of one channel")
struct SettlementLedgerTests {
    private func ledger(deliveries: UInt64) -> SettlementLedger {
        var ledger = SettlementLedger()
        for tag in 1...deliveries { #expect(ledger.delivered(tag) == true) }
        return ledger
    }

    @Test("A run of acks from the front is one frame")
    func run() {
        var ledger = ledger(deliveries: 5)
        for tag: UInt64 in [2, 1, 3] { #expect(ledger.settle(tag, as: .ack) == true) }
        #expect(ledger.takeFrames() == [.ack(tag: 3, multiple: true)])
        #expect(ledger.takeFrames().isEmpty)
        #expect(ledger.outstandingCount == 2)
    }

    @Test("Beyond the first open delivery, multiple is never used")
    func brokenRun() {
        var ledger = ledger(deliveries: 6)
        for tag: UInt64 in [1, 2, 4, 5] { _ = ledger.settle(tag, as: .ack) }
        #expect(
            ledger.takeFrames() == [
                .ack(tag: 2, multiple: true), .ack(tag: 4, multiple: false), .ack(tag: 5, multiple: false),
            ]
        )
        _ = ledger.settle(3, as: .ack)
        #expect(ledger.takeFrames() == [.ack(tag: 3, multiple: false)])
        _ = ledger.settle(6, as: .ack)
        #expect(ledger.takeFrames() == [.ack(tag: 6, multiple: false)])
    }

    @Test("What was refused is never acknowledged along with its neighbours")
    func refusals() {
        var ledger = ledger(deliveries: 4)
        _ = ledger.settle(1, as: .ack)
        _ = ledger.settle(2, as: .requeue)
        _ = ledger.settle(3, as: .discard)
        _ = ledger.settle(4, as: .ack)
        #expect(
            ledger.takeFrames() == [
                .nack(tag: 2, multiple: false, requeue: true), .nack(tag: 3, multiple: false, requeue: false),
                .ack(tag: 4, multiple: true),
            ]
        )
    }

    @Test("A delivery is settled once; unknown ones not at all")
    func once() {
        var ledger = ledger(deliveries: 2)
        #expect(ledger.settle(1, as: .ack) == true)
        #expect(ledger.settle(1, as: .requeue) == false)
        _ = ledger.takeFrames()
        #expect(ledger.settle(1, as: .ack) == false)
        #expect(ledger.settle(0, as: .ack) == false)
        #expect(ledger.settle(3, as: .ack) == false)
    }

    @Test("A tag out of order is noticed")
    func order() {
        var ledger = ledger(deliveries: 2)
        #expect(ledger.delivered(2) == false)
        #expect(ledger.delivered(4) == false)
        #expect(ledger.delivered(3) == true)
    }

    @Test("Whatever the order of settling, each delivery is settled once on the wire, as decided")
    func anyOrder() {
        var seed = UInt64.random(in: 1 ... .max)
        let firstSeed = seed
        func random(_ limit: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % limit
        }
        for _ in 0..<200 {
            var ledger = SettlementLedger()
            var open: [UInt64] = []
            var decided: [UInt64: SettlementLedger.Verdict] = [:]
            var written: [UInt64: SettlementLedger.Verdict] = [:]
            var unwrittenOnBroker = Set<UInt64>()
            var next: UInt64 = 1
            func write() {
                for frame in ledger.takeFrames() {
                    switch frame {
                    case .ack(let tag, true):
                        for each in unwrittenOnBroker.filter({ $0 <= tag }) {
                            #expect(written[each] == nil, "seed \(firstSeed)")
                            written[each] = .ack
                        }
                        unwrittenOnBroker = unwrittenOnBroker.filter { $0 > tag }
                    case .ack(let tag, false):
                        #expect(unwrittenOnBroker.remove(tag) != nil, "seed \(firstSeed)")
                        written[tag] = .ack
                    case .nack(let tag, _, let requeue):
                        #expect(unwrittenOnBroker.remove(tag) != nil, "seed \(firstSeed)")
                        written[tag] = requeue ? .requeue : .discard
                    }
                }
            }
            for _ in 0..<100 {
                switch random(5) {
                case 0, 1:
                    _ = ledger.delivered(next)
                    open.append(next)
                    unwrittenOnBroker.insert(next)
                    next += 1
                case 2, 3:
                    guard !open.isEmpty else { continue }
                    let tag = open.remove(at: random(open.count))
                    let verdict: SettlementLedger.Verdict = [.ack, .ack, .ack, .requeue, .discard][random(5)]
                    _ = ledger.settle(tag, as: verdict)
                    decided[tag] = verdict
                default: write()
                }
            }
            write()
            #expect(written == decided, "seed \(firstSeed)")
        }
    }
}
