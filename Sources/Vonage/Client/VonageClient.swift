import Contracts
package import FoundationEssentials
package import Logging
import NIOCore
package import SMSCore
import Synchronization

/// Calls Vonage's Messages API: one request in, its outcome out.
///
/// Sends nothing twice by itself: the only repetition is one request with a new token after a 401, which took nothing.
/// `shutdown` has to be called at the end.
package final class VonageClient: SMSSender {
    private enum Authorization: Sendable {
        case application(ApplicationTokenIssuer)
        case basic(header: String)
    }

    private let authorization: Authorization
    private let transport: VonageTransport
    private let timeout: Duration
    private let logger: Logger
    private let now: @Sendable () -> Date
    private let onDate: @Sendable (Date) -> Void
    /// The `Date` of the last answer, and when that came by a clock that cannot be set.
    private let lastDate = Mutex<(text: String, date: Date, at: ContinuousClock.Instant)?>(nil)

    /// How far the provider's clock is ahead of this one, by the `Date` of its last answer and the time since then.
    ///
    /// Exact to about a second; nil before any answer. A corrected clock, or a wrong one, shows at once.
    package var clockOffset: Duration? {
        guard let last = lastDate.withLock({ $0 }) else { return nil }
        return .seconds(last.date.timeIntervalSince(now())) + (ContinuousClock.now - last.at)
    }

    /// Creates a client.
    ///
    /// No connection is opened yet.
    ///
    /// - Parameters:
    ///   - configuration: address, credentials and limits.
    ///   - logger: for lines at `debug`; no key, number or body is ever logged.
    ///   - onDate: called with the time that each answer shows.
    /// - Throws: ``VonageError`` with `privateKeyUnusable`, saying what to do.
    package convenience init(
        configuration: VonageClientConfiguration,
        logger: Logger,
        onDate: @escaping @Sendable (Date) -> Void = { _ in }
    ) throws {
        try self.init(configuration: configuration, logger: logger, now: { Date() }, onDate: onDate)
    }

    init(
        configuration: VonageClientConfiguration,
        logger: Logger,
        now: @escaping @Sendable () -> Date,
        onDate: @escaping @Sendable (Date) -> Void = { _ in }
    ) throws {
        switch configuration.credentials {
        case .application(let id, let privateKeyPEM):
            authorization = .application(try ApplicationTokenIssuer(applicationID: id, privateKeyPEM: privateKeyPEM))
        case .basic(let apiKey, let apiSecret):
            authorization = .basic(header: VonageAPI.basic(apiKey, apiSecret))
        }
        transport = try VonageTransport(configuration)
        timeout = configuration.timeout
        self.logger = logger
        self.now = now
        self.onDate = onDate
    }

    /// Sends one SMS, at most once.
    ///
    /// Takes `timeout` at most (default 10 s), the repetition after a 401 included. When the task is cancelled, the call
    /// ends early: `unavailable` before the body was written, `uncertain` after.
    ///
    /// - Parameter sms: the message.
    /// - Returns: its outcome; every outcome is a value.
    package func send(_ sms: OutgoingSMS) async -> SubmitOutcome {
        guard let json = try? JSONBytes.encode(VonageSMSRequest(sms)) else {
            // Strings and integers always encode; nothing was written in any case.
            return SubmitOutcome(.notWritten(cause: "the request could not be encoded"))
        }
        return SubmitOutcome(await post(ByteBuffer(bytes: json)))
    }

    /// Asks whether the credentials are good, by a request that cannot send anything.
    ///
    /// The API has no call for that: its only other operation (`PATCH`) needs a message. So an empty object is posted to
    /// `/v1/messages`. Vonage checks credentials first (401), then the body, which has no recipient and no text, so
    /// that 422 is the best possible answer.
    ///
    /// - Returns: what the answer proves. Takes `timeout` at most.
    package func probe() async -> VonageProbe {
        VonageProbe(await post(ByteBuffer(string: "{}")))
    }

    /// Asks for the provider's time, by a ``probe()``.
    ///
    /// - Returns: ``clockOffset``; nil when no answer has come yet. Takes `timeout` at most.
    package func askTime() async -> Duration? {
        _ = await probe()
        return clockOffset
    }

    /// Closes all connections; requests under way fail.
    ///
    /// The client cannot be used afterwards.
    package func shutdown() async {
        await transport.shutdown()
    }

    private func post(_ body: ByteBuffer) async -> VonageTransport.Result {
        let deadline = ContinuousClock.now.advanced(by: timeout)
        var result: VonageTransport.Result
        switch authorization {
        case .basic(let header):
            result = await exchange(body, authorization: header, deadline: deadline)
        case .application(let issuer):
            do {
                let token = try await issuer.token(now: now())
                result = await exchange(body, authorization: "Bearer " + token, deadline: deadline)
                if case .answered(let response) = result, response.status == 401 {
                    issuer.discard(token)
                    let renewed = try await issuer.token(now: now())
                    result = await exchange(body, authorization: "Bearer " + renewed, deadline: deadline)
                }
            } catch {
                result = .notWritten(cause: String(describing: error))
            }
        }
        log(result)
        return result
    }

    private func exchange(
        _ body: ByteBuffer,
        authorization: String,
        deadline: ContinuousClock.Instant
    ) async -> VonageTransport.Result {
        let result = await transport.post(body, authorization: authorization, deadline: deadline)
        if case .answered(let response) = result { compareClocks(response) }
        return result
    }

    private func compareClocks(_ response: VonageResponse) {
        guard let text = response.date else { return }
        let known = lastDate.withLock { $0?.text == text ? $0?.date : nil }
        guard let date = known ?? HTTPDate.read(text) else { return }
        lastDate.withLock { $0 = (text, date, .now) }
        onDate(date)
    }

    private func log(_ result: VonageTransport.Result) {
        guard logger.logLevel <= .debug else { return }
        let outcome = SubmitOutcome(result)
        var metadata: Logger.Metadata = [VonageLogKey.answer: "\(outcome.label)"]
        let response = if case .answered(let response) = result { response } else { nil as VonageResponse? }
        metadata[VonageLogKey.status] = response.map { .stringConvertible($0.status) }
        metadata[VonageLogKey.requestID] = response?.requestID.map { "\($0)" }
        switch outcome {
        case .accepted(let uuid): metadata[VonageLogKey.messageUUID] = "\(uuid)"
        case .unavailable(let reason, _), .uncertain(let reason, _): metadata[VonageLogKey.cause] = "\(reason)"
        case .throttled, .refused, .accountTrouble:
            metadata[VonageLogKey.instance] = response?.instance.map { "\($0)" }
        }
        logger.debug("Vonage answered", metadata: metadata)
    }
}
