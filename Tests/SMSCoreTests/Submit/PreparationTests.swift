import Contracts
import Testing

@testable import SMSCore

@Suite("A command's preparation")
struct PreparationTests {
    private let now = Timestamp(milliseconds: 1_795_579_200_000)
    private let id = CommandID("a-1").unsafelyUnwrapped

    private func prepare(_ json: String, sender: Sender? = nil, further: [Problem] = []) throws -> Preparation {
        Preparation.of(
            try SendCommand.read(Array(json.utf8), now: now),
            id: id,
            defaultSender: sender,
            further: further
        )
    }

    private func problems(_ preparation: Preparation) -> [Problem] {
        guard case .invalid(_, let problems) = preparation else { return [] }
        return problems
    }

    @Test("needs a sender, its own or the default")
    func sender() throws {
        let json = #"{"to": "14155550100", "text": "x"}"#
        #expect(problems(try prepare(json)).map(\.field) == ["from"])
        guard case .ready(let prepared) = try prepare(json, sender: Sender("Shop")) else {
            Issue.record("not ready")
            return
        }
        #expect(prepared.sms.from == .alphanumeric("Shop"))
    }

    @Test("a sender that was named badly is one problem, and the default does not step in")
    func badSender() throws {
        let json = #"{"to": "14155550100", "text": "x", "from": "no such sender"}"#
        #expect(problems(try prepare(json, sender: Sender("Shop"))).map(\.field) == ["from"])
    }

    @Test("refuses more segments than max_segments, and characters that encoding \"text\" forbids, all at once")
    func text() throws {
        let long = String(repeating: "x", count: 161)
        let segments = problems(try prepare(#"{"to": "1", "text": "\#(long)", "from": "Shop", "max_segments": 1}"#))
        #expect(segments.map(\.field) == ["to", "text"])
        let characters = problems(
            try prepare(#"{"to": "14155550100", "text": "Привет", "from": "Shop", "encoding": "text"}"#)
        )
        #expect(characters.map(\.field) == ["text"])
    }

    @Test("names problems around the body first")
    func further() throws {
        let problems = problems(
            try prepare(#"{"text": "x", "from": "Shop"}"#, further: [Problem("reply_to", "is ours")])
        )
        #expect(problems.map(\.field) == ["reply_to", "to"])
    }

    @Test(
        "gives the rest of the time as ttl, from 20 s to 604,800 s",
        arguments: [(19, nil), (20, 20), (604_801, 604_800), (60, 60)] as [(Int, Int?)]
    )
    func ttl(seconds: Int, ttl: Int?) throws {
        guard case .ready(let prepared) = try prepare(#"{"to": "14155550100", "text": "x", "from": "Shop"}"#) else {
            Issue.record("not ready")
            return
        }
        #expect(prepared.sms.expiring(at: now + .seconds(seconds), now: now).ttlSeconds == ttl)
        #expect(prepared.sms.expiring(at: nil, now: now).ttlSeconds == nil)
    }
}
