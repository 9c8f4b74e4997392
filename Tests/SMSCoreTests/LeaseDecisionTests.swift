import Contracts
import Testing

@testable import SMSCore

@Suite("The decision about an attempt of another process")
struct LeaseDecisionTests {
    private let now = Timestamp(milliseconds: 1_795_579_200_000)
    private let policy = Decision.Policy()

    private func decision(
        _ state: MessageState,
        _ standing: AttemptStanding,
        onUncertain: String = "auto",
        silence: Silence? = nil
    ) throws -> Decision {
        var situation = try Decision.Situation.sample(#", "on_uncertain": "\#(onUncertain)""#, now: now)
        situation.standing = standing
        situation.silence = silence
        var record = situation.freshRecord(replacing: nil)
        record.version = 1
        record.state = state
        record.attempts = 1
        return Decision.of(record, in: situation, policy: policy)
    }

    private var sending: MessageState { .sending(Attempt(number: 1, since: now, owner: BootID("other"))) }

    @Test("while the lease runs the copy comes again when it is over, and changes nothing")
    func leased() throws {
        #expect(try decision(sending, .leased(.seconds(7))) == .join(until: now + .seconds(7)))
    }

    @Test("a lease that is over leads to uncertain, never to a request", arguments: [AttemptStanding.over, .lapsed])
    func ended(standing: AttemptStanding) throws {
        guard case .wait(let record, let until) = try decision(sending, standing) else {
            Issue.record("it does not wait")
            return
        }
        #expect(record.isUncertain)
        #expect(until == now + policy.uncertainWait)
    }

    @Test("auto sends again only when the process that made the request is known to be gone")
    func auto() throws {
        let uncertain = MessageState.uncertain(since: now)
        guard case .send = try decision(uncertain, .over, silence: .conclusive) else {
            Issue.record("it is not sent again")
            return
        }
        guard case .settle(let record) = try decision(uncertain, .lapsed, silence: .conclusive) else {
            Issue.record("it is not given up")
            return
        }
        #expect(record.settlement?.error?.code == .uncertain)
    }
}
