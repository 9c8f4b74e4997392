/// Sends one message and says what came of it; the answer to every fault is an outcome, nothing is thrown.
package protocol SMSSender: Sendable {
    /// Makes one request, within its own deadline.
    func send(_ sms: OutgoingSMS) async -> SubmitOutcome
}
