import NIOCore
import Testing

@testable import HTTPAPI

@Suite("The connection's state machine")
struct ConnectionStateMachineTests {
    private let machine = Machine()

    private func at(_ milliseconds: Int64) -> NIODeadline { Machine.start + .milliseconds(milliseconds) }

    private func readRequest(at time: Int64, isKeepAlive: Bool = true) {
        #expect(machine.headRead(at: time, isKeepAlive: isKeepAlive) == .forward)
        #expect(machine.endRead() == .forward)
    }

    private func answer(at time: Int64, isLast: Bool = false) {
        #expect(machine.answerHead() == (isLast ? .writeAsLast : .write))
        #expect(machine.answerBody() == .write)
        #expect(machine.answerEnd(at: time) == (isLast ? .writeAndClose : .write))
    }

    @Test("lets no answer to HEAD have a body, and that of the next request have its own")
    func headOnly() {
        #expect(machine.headRead(at: 0, isHeadOnly: true) == .forward)
        #expect(machine.endRead() == .forward)
        readRequest(at: 1)
        #expect(machine.answerHead() == .write)
        #expect(machine.answerBody() == .discard)
        #expect(machine.answerEnd(at: 2) == .write)
        answer(at: 3)
    }

    @Test("asks a client to go on with its body once, when the body is wanted and has not come")
    func bodyWanted() {
        #expect(!machine.bodyWanted())
        #expect(machine.headRead(at: 0, isBodyHeldBack: true) == .forward)
        #expect(machine.bodyWanted())
        #expect(!machine.bodyWanted())
        #expect(machine.bodyRead() == .forward)
        #expect(machine.endRead() == .forward)
        answer(at: 1)
        // One that did not wait for it.
        #expect(machine.headRead(at: 2, isBodyHeldBack: true) == .forward)
        #expect(machine.endRead() == .forward)
        #expect(!machine.bodyWanted())
        answer(at: 3)
        // One that did not ask.
        #expect(machine.headRead(at: 4) == .forward)
        #expect(!machine.bodyWanted())
        // In the middle of an answer it would be read as a part of that.
        #expect(machine.endRead() == .forward)
        answer(at: 5)
        #expect(machine.headRead(at: 6, isBodyHeldBack: true) == .forward)
        #expect(machine.answerHead() == .writeAsLast)
        #expect(!machine.bodyWanted())
    }

    @Test("closes a connection over which no first head has come for 5 s, or no later one for 30 s")
    func idle() {
        #expect(machine.deadline == at(5_000))
        #expect(machine.deadlinePassed(at: 4_999) == .nothing)
        #expect(machine.isIdle)
        readRequest(at: 4_999)
        #expect(!machine.isIdle)
        answer(at: 6_000)
        #expect(machine.isIdle)
        #expect(machine.deadline == at(36_000))
        #expect(machine.deadlinePassed(at: 35_999) == .nothing)
        #expect(machine.deadlinePassed(at: 36_000) == .close)
        #expect(machine.deadline == nil)
        #expect(!machine.isIdle)
    }

    @Test("closes a connection that never says a word after 5 s")
    func silence() {
        #expect(machine.deadlinePassed(at: 5_000) == .close)
    }

    @Test("gives a body up after 2 s however it trickles, and makes the answer to it the last")
    func slowBody() {
        #expect(machine.headRead(at: 0) == .forward)
        #expect(machine.bodyRead() == .forward)
        #expect(machine.deadline == at(2000))
        #expect(machine.deadlinePassed(at: 1999) == .nothing)
        #expect(machine.deadlinePassed(at: 2000) == .giveUpBody)
        #expect(machine.bodyRead() == .discard)
        #expect(machine.endRead() == .discard)
        #expect(machine.deadline == at(2800))
        answer(at: 2001, isLast: true)
    }

    @Test("answers in the handler's place after 2.8 s, and throws the handler's own answer away")
    func overdue() {
        readRequest(at: 0)
        #expect(machine.deadline == at(2800))
        #expect(machine.deadlinePassed(at: 2799) == .nothing)
        #expect(machine.deadlinePassed(at: 2800) == .answerInstead)
        #expect(machine.isClosing)
        #expect(machine.answerHead() == .discard)
        #expect(machine.answerBody() == .discard)
        #expect(machine.answerEnd(at: 2801) == .discard)
        #expect(machine.headRead(at: 2801) == .discard)
        #expect(machine.deadlinePassed(at: 3799) == .nothing)
        #expect(machine.deadlinePassed(at: 3800) == .close)
    }

    @Test("cuts off a client that does not read the answer that was begun")
    func halfAnswer() {
        readRequest(at: 0)
        #expect(machine.answerHead() == .write)
        #expect(machine.deadlinePassed(at: 2800) == .close)
    }

    @Test("counts each pipelined request from its own head, the oldest first")
    func pipelining() {
        readRequest(at: 0)
        readRequest(at: 500)
        #expect(machine.headRead(at: 600) == .forward)
        // The newest one's body is due before the oldest one's answer.
        #expect(machine.deadline == at(2600))
        answer(at: 700)
        answer(at: 800)
        #expect(machine.deadline == at(2600))
        #expect(machine.endRead() == .forward)
        #expect(machine.deadline == at(3400))
        answer(at: 900)
        #expect(machine.deadline == at(30_900))
    }

    @Test("takes nothing after a request that is the client's last")
    func lastRequest() {
        readRequest(at: 0, isKeepAlive: false)
        #expect(machine.headRead(at: 1) == .discard)
        #expect(machine.bodyRead() == .discard)
        #expect(machine.endRead() == .discard)
        answer(at: 2, isLast: true)
        #expect(machine.isClosing)
    }

    @Test("makes an answer that comes before the request's end the last")
    func earlyAnswer() {
        #expect(machine.headRead(at: 0) == .forward)
        answer(at: 1, isLast: true)
        #expect(machine.bodyRead() == .discard)
        #expect(machine.deadline == at(1001))
    }

    @Test("makes the answer to what is no request the last")
    func noRequest() {
        answer(at: 0, isLast: true)
    }

    @Test("when quiescing, closes at once if nothing is to be answered, else with the last answer")
    func quiescing() {
        let idle = Machine()
        #expect(idle.quiesce())
        #expect(idle.deadline == nil)

        readRequest(at: 0)
        readRequest(at: 1)
        #expect(!machine.quiesce())
        #expect(machine.headRead(at: 2) == .discard)
        answer(at: 3)
        answer(at: 4, isLast: true)
    }

    @Test("when quiescing, reads the request that it has begun to its end, and none after it")
    func quiescingWhileReading() {
        #expect(machine.headRead(at: 0) == .forward)
        #expect(!machine.quiesce())
        #expect(machine.bodyRead() == .forward)
        #expect(machine.endRead() == .forward)
        #expect(machine.headRead(at: 1) == .discard)
        answer(at: 2, isLast: true)
    }
}

/// The machine as an object, with milliseconds since its start for time.
private final class Machine {
    static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private var machine = ConnectionStateMachine(limits: HTTPLimits(), now: start)

    var deadline: NIODeadline? { machine.deadline }
    var isClosing: Bool { machine.isClosing }
    var isIdle: Bool { machine.isIdle }

    func headRead(
        at time: Int64,
        isKeepAlive: Bool = true,
        isHeadOnly: Bool = false,
        isBodyHeldBack: Bool = false
    ) -> ConnectionStateMachine.ReadAction {
        machine.headRead(
            deadlines: RequestDeadlines(),
            isKeepAlive: isKeepAlive,
            isHeadOnly: isHeadOnly,
            isBodyHeldBack: isBodyHeldBack,
            now: now(time)
        )
    }

    func bodyWanted() -> Bool { machine.bodyWanted() }

    func bodyRead() -> ConnectionStateMachine.ReadAction { machine.bodyRead() }
    func endRead() -> ConnectionStateMachine.ReadAction { machine.endRead() }
    func answerHead() -> ConnectionStateMachine.WriteAction { machine.answerHead() }
    func answerBody() -> ConnectionStateMachine.WriteAction { machine.answerBody() }
    func answerEnd(at time: Int64) -> ConnectionStateMachine.WriteAction { machine.answerEnd(now: now(time)) }
    func quiesce() -> Bool { machine.quiesce() }

    func deadlinePassed(at time: Int64) -> ConnectionStateMachine.DeadlineAction {
        machine.deadlinePassed(now: now(time))
    }

    private func now(_ milliseconds: Int64) -> NIODeadline { Self.start + .milliseconds(milliseconds) }
}
