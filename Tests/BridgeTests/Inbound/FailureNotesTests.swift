import Contracts
import Logging
import SMSCore
import Synchronization
import TestSupport
import Testing

@testable import Bridge

/// A log that records what it was asked to note, and fails as long as the test sets it.
private final class WatchedLog: ListenerLog {
    private struct Broken: Error {}
    private struct State {
        var failures: [Timestamp] = []
        var isBroken = false
    }

    private let state = Mutex(State())

    var failures: [Timestamp] { state.withLock { $0.failures } }

    func set(broken: Bool) { state.withLock { $0.isBroken = broken } }

    func noteListening(at moment: Timestamp, tolerance: Duration) async throws {}

    func noteFailedWebhook(at moment: Timestamp) async throws {
        try state.withLock { state in
            if state.isBroken { throw Broken() }
            state.failures.append(moment)
        }
    }

    func gaps(from start: Timestamp, until end: Timestamp) async throws -> [ListenerGap] { [] }
}

@Suite("Which webhooks count as missed", .timeLimit(.minutes(3)))
struct FailureNotesTests {
    private let log = WatchedLog()
    private let notes: FailureNotes

    init() {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        notes = FailureNotes(log: log, logger: logger)
    }

    @Test(
        "one that was refused after our secret had matched, or that is to be repeated; not one without a signature",
        arguments: WebhookRefusal.allCases
    )
    func refusals(reason: WebhookRefusal) {
        let missed: Set<WebhookRefusal> = [.signatureUnproven, .bodyHashWrong, .issuerWrong, .tooOld]
        let proven = HandledWebhook.refused(RefusedWebhook(reason, isProven: true))
        #expect(proven.isGenuineAndLost == missed.contains(reason))
        let never: Set<WebhookRefusal> = [.signatureMissing, .signatureMalformed, .algorithmRefused]
        let unproven = HandledWebhook.refused(RefusedWebhook(reason, isProven: false))
        #expect(unproven.isGenuineAndLost == !never.contains(reason))
    }

    @Test("one that a full spool or a broken store could not keep; none that was taken or was not a webhook")
    func others() {
        #expect(HandledWebhook.full.isGenuineAndLost)
        #expect(HandledWebhook.failed("disk").isGenuineAndLost)
        #expect(!HandledWebhook.notUnderstood(["x"]).isGenuineAndLost)
        #expect(!HandledWebhook.repeated(uuid: nil, id: nil).isGenuineAndLost)
        #expect(!HandledWebhook.offered(.spooled, uuid: nil, id: nil, status: nil).isGenuineAndLost)
    }

    @Test("a flood of them is one write a second")
    func flood() async {
        let start = Samples.moment
        for number in 0..<1_000 { await notes.note(at: start + .milliseconds(number * 3)) }
        #expect(log.failures == [0, 1_002, 2_004].map { start + .milliseconds($0) })
        // No note is lost when the clock is set back.
        await notes.note(at: start - .seconds(60))
        #expect(log.failures.last == start - .seconds(60))
    }

    @Test("what the store does not take is noted as soon as it does")
    func brokenStore() async {
        log.set(broken: true)
        for number in 0..<10 { await notes.note(at: Samples.moment + .milliseconds(number * 500)) }
        #expect(log.failures == [])
        log.set(broken: false)
        await notes.retry()
        #expect(log.failures == [Samples.moment + .milliseconds(4_500)])
        await notes.retry()
        #expect(log.failures.count == 1)
    }
}
