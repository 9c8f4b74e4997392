package import SMSCore
import Synchronization

/// The right to make one request at the provider.
///
/// It is ended once: by `finish` with the provider's answer, or by `giveBack` when no request was made after all. A
/// pass that is deallocated gives itself back.
package final class GatePass: Sendable {
    private let gate: SendGate
    private let grant: SlotGrant
    private let isOpen = Mutex(true)

    init(gate: SendGate, grant: SlotGrant) {
        self.gate = gate
        self.grant = grant
    }

    deinit { giveBack() }

    /// Whether the request is a probe: it is not an attempt of its command when the provider is unavailable.
    package var isProbe: Bool { grant.isProbe }

    /// How long the command waited inside the gate.
    package var waited: Duration { grant.waited }

    /// Waits for the pass's slot, right before the request.
    ///
    /// Where the gate grants ahead of the slot (`lead`), it waits for the slot. Where so much time has passed since the
    /// grant that the request would be too close to the next ones, it waits for the next free slot. So the rate holds
    /// for the requests themselves, whatever was done between grant and request. It returns at once when the task is
    /// cancelled.
    package func waitForSlot() async { await gate.waitForSlot(of: grant) }

    /// Ends the pass with the provider's answer; a second end does nothing.
    package func finish(outcome: SubmitOutcome) { end(outcome) }

    /// Ends the pass without a request; a second end does nothing.
    package func giveBack() { end(nil) }

    private func end(_ outcome: SubmitOutcome?) {
        let isFirst = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        if isFirst { gate.finish(grant, outcome) }
    }
}
