package import FoundationEssentials
package import Logging
import NIOCore
import Synchronization

/// Speaks to Vonage's Messages API: one request in, what became of it out.
///
/// Sends nothing twice by itself: the only repetition is one request with a new token after a 401, which took nothing.
/// `shutdown` has to be called at the end.
package final class VonageClient: Sendable {
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
    /// The `Date` of the last answer, and when that came by a clock that nobody sets.
    private let lastDate = Mutex<(date: Date, at: ContinuousClock.Instant)?>(nil)

    /// How much later it is at the provider's than here, by the `Date` of its last answer and the time since then.
    ///
    /// Exact to about a second; nil before any answer. A clock that is put right, or wrong, shows at once.
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
            authorization = .basic(header: "Basic " + Data("\(apiKey):\(apiSecret)".utf8).base64EncodedString())
        }
        transport = VonageTransport(configuration)
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
    /// - Parameter request: the message.
    /// - Returns: what became of it; every outcome is a value.
    package func send(_ request: VonageSMSRequest) async -> VonageAnswer {
        guard let json = try? JSONEncoder().encode(request) else {
            // Strings and integers always encode; nothing was written in any case.
            return .unavailable(.notWritten(cause: "the request could not be encoded"), nil)
        }
        return await post(ByteBuffer(bytes: json))
    }

    /// Asks whether the credentials are good, by a request that cannot send anything.
    ///
    /// The API has no call for that: its only other operation (`PATCH`) needs a message. So an empty object is posted to
    /// `/v1/messages`. Vonage checks credentials first (401), then the body, which has no recipient and no text, so that the
    /// best it can get is 422.
    ///
    /// - Returns: what the answer proves. Takes `timeout` at most.
    package func probe() async -> VonageProbe {
        VonageProbe(await post(ByteBuffer(string: "{}")))
    }

    /// Closes all connections; requests under way fail.
    ///
    /// The client is of no use afterwards.
    package func shutdown() async {
        await transport.shutdown()
    }

    private func post(_ body: ByteBuffer) async -> VonageAnswer {
        let deadline = ContinuousClock.now.advanced(by: timeout)
        var answer: VonageAnswer
        switch authorization {
        case .basic(let header):
            answer = await exchange(body, authorization: header, deadline: deadline)
        case .application(let issuer):
            do {
                let token = try await issuer.token(now: now())
                answer = await exchange(body, authorization: "Bearer " + token, deadline: deadline)
                if answer.status == 401 {
                    issuer.discard(token)
                    let renewed = try await issuer.token(now: now())
                    answer = await exchange(body, authorization: "Bearer " + renewed, deadline: deadline)
                }
            } catch {
                answer = .unavailable(.notWritten(cause: String(describing: error)), nil)
            }
        }
        log(answer)
        return answer
    }

    private func exchange(
        _ body: ByteBuffer,
        authorization: String,
        deadline: ContinuousClock.Instant
    ) async -> VonageAnswer {
        switch await transport.post(body, authorization: authorization, deadline: deadline) {
        case .answered(let response):
            compareClocks(response)
            return VonageAnswer(response)
        case .notWritten(let cause):
            return .unavailable(.notWritten(cause: cause), nil)
        case .noAnswer(let cause):
            return .uncertain(.noAnswer(cause: cause), nil)
        }
    }

    private func compareClocks(_ response: VonageResponse) {
        guard let date = response.date.flatMap(HTTPDate.read) else { return }
        lastDate.withLock { $0 = (date, .now) }
        onDate(date)
    }

    private func log(_ answer: VonageAnswer) {
        guard logger.logLevel <= .debug else { return }
        var metadata: Logger.Metadata = [VonageLogKey.answer: "\(answer.label)"]
        metadata[VonageLogKey.status] = answer.status.map(Logger.MetadataValue.stringConvertible)
        metadata[VonageLogKey.requestID] = answer.requestID.map { "\($0)" }
        switch answer {
        case .accepted(let uuid, _): metadata[VonageLogKey.messageUUID] = "\(uuid)"
        case .throttled(_, let problem), .refused(let problem), .accountTrouble(let problem):
            metadata[VonageLogKey.instance] = problem.instance.map { "\($0)" }
        case .unavailable(let reason, _): metadata[VonageLogKey.cause] = "\(reason)"
        case .uncertain(let reason, _): metadata[VonageLogKey.cause] = "\(reason)"
        }
        logger.debug("Vonage answered", metadata: metadata)
    }
}
