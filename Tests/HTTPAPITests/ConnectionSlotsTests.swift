import Contracts
import Testing

@testable import HTTPAPI

@Suite("The connections that a port takes")
struct ConnectionSlotsTests {
    private static let one = ConnectionSlots.Source.network([192, 0, 2, 1])
    private static let other = ConnectionSlots.Source.network([192, 0, 2, 2])

    /// Takes a slot for a connection over which something is asked at once.
    private func takeBusy(_ source: ConnectionSlots.Source, _ slots: inout ConnectionSlots) -> Bool {
        guard case .taken(let number, _) = slots.take(source) else { return false }
        slots.note(number, isIdle: false)
        return true
    }

    @Test("one address gets its share and no more, while it asks over all of them; another gets its own")
    func share() {
        var slots = ConnectionSlots(limit: 100, share: 25, kept: 16)
        for _ in 0..<25 { #expect(takeBusy(Self.one, &slots)) }
        #expect(slots.take(Self.one) == .refused(isShare: true))
        for _ in 0..<25 { #expect(takeBusy(Self.other, &slots)) }
        #expect(slots.count == 50)
    }

    @Test("at its share an address takes the place of that connection of its own which has been idle for longest")
    func ownPlace() {
        var slots = ConnectionSlots(limit: 100, share: 3, kept: 0)
        #expect(slots.take(Self.other) == .taken(1, from: nil))
        #expect(slots.take(Self.one) == .taken(2, from: nil))
        #expect(slots.take(Self.one) == .taken(3, from: nil))
        #expect(slots.take(Self.one) == .taken(4, from: nil))
        slots.note(2, isIdle: false)
        #expect(slots.take(Self.one) == .taken(6, from: 3))
        // What was answered is idle again, and has been so for less time than the others.
        slots.note(2, isIdle: true)
        #expect(slots.take(Self.one) == .taken(8, from: 4))
        #expect(slots.take(Self.one) == .taken(9, from: 6))
        #expect(slots.take(Self.one) == .taken(10, from: 2))
        #expect(slots.count == 4)
    }

    @Test("where no slot is free, who holds least takes the place of who holds most, if that one is idle")
    func fairness() {
        var slots = ConnectionSlots(limit: 6, share: 6, kept: 0)
        for number in 1...4 { #expect(slots.take(Self.one) == .taken(number, from: nil)) }
        #expect(takeBusy(Self.other, &slots))
        #expect(takeBusy(Self.other, &slots))
        #expect(slots.take(.network([9])) == .taken(9, from: 1))
        #expect(slots.take(Self.other) == .taken(10, from: 2))
        // Now it holds most itself, and yields to itself.
        #expect(slots.take(Self.other) == .taken(11, from: 10))
        slots.note(11, isIdle: false)
        #expect(slots.take(Self.other) == .refused(isShare: false))
        #expect(slots.take(Self.one) == .taken(13, from: 3))
        #expect(slots.count == 6)
    }

    @Test("where all ask, newcomers are refused until one goes")
    func full() {
        var slots = ConnectionSlots(limit: 4, share: 2, kept: 0)
        for source in [Self.one, Self.one, Self.other, Self.other] { #expect(takeBusy(source, &slots)) }
        #expect(slots.take(.network([9])) == .refused(isShare: false))
        #expect(slots.take(.proxy) == .refused(isShare: false))
        slots.giveBack(1)
        slots.giveBack(1)
        #expect(slots.count == 3)
        #expect(slots.take(.network([9])) == .taken(9, from: nil))
    }

    @Test("some slots are kept for this host, which has no share; nor has a trusted proxy")
    func kept() {
        var slots = ConnectionSlots(limit: 20, share: 2, kept: 5)
        for _ in 0..<15 { #expect(takeBusy(.proxy, &slots)) }
        #expect(slots.take(.proxy) == .refused(isShare: false))
        #expect(slots.take(Self.one) == .refused(isShare: false))
        for _ in 0..<5 { #expect(takeBusy(.local, &slots)) }
        #expect(slots.take(.local) == .refused(isShare: false))
    }

    @Test("whatever comes, there are never more than the limit, and all slots come back")
    func bounds() {
        var slots = ConnectionSlots(limit: 50, share: 12, kept: 4)
        var random = Generator(state: 7)
        var open: [Int] = []
        for _ in 0..<20_000 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where !open.isEmpty:
                slots.giveBack(open.remove(at: Int.random(in: 0..<open.count, using: &random)))
            case 1 where !open.isEmpty:
                slots.note(open[Int.random(in: 0..<open.count, using: &random)], isIdle: .random(using: &random))
            default:
                let sources: [ConnectionSlots.Source] = [.local, .proxy, Self.one, Self.other, .network([])]
                guard case .taken(let number, let from) = slots.take(sources.randomElement(using: &random) ?? .local)
                else { continue }
                open.append(number)
                open.removeAll { $0 == from }
            }
            #expect(slots.count == open.count)
            #expect(slots.count <= 50)
        }
        for number in open { slots.giveBack(number) }
        #expect(slots.count == 0)
    }

    @Test("an IPv6 client is its network of 64 bits, and IPv4 in IPv6 clothes is IPv4")
    func sources() throws {
        let proxies = [try #require(CIDRBlock("10.0.0.0/8"))]
        func source(_ address: String?) -> ConnectionSlots.Source {
            ConnectionSlots.Source(address, localNetworks: CIDRBlock.loopback, trustedProxies: proxies)
        }
        #expect(source("2001:db8::1") == source("2001:db8::ffff:1"))
        #expect(source("2001:db8::1") != source("2001:db8:0:1::1"))
        #expect(source("::ffff:192.0.2.1") == source("192.0.2.1"))
        #expect(source("192.0.2.1") != source("192.0.2.2"))
        #expect(source("127.0.0.5") == .local)
        #expect(source("::1") == .local)
        #expect(source("10.1.2.3") == .proxy)
        #expect(source(nil) == .network([]))
    }

    /// The same numbers each time.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }
}
