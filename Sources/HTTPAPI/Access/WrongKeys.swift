import Contracts
import HTTPTypes
import Synchronization

/// Recent wrong API keys, by the address that they came from: a client that tries keys out has to wait.
///
/// Bounded: where there are more addresses than are remembered, the one whose minute ends first is forgotten.
final class WrongKeys: Sendable {
    private static let limit = 10
    private static let minute: Duration = .seconds(60)

    private let trustedProxies: [CIDRBlock]
    private let windows = Mutex(RateWindows(limit: WrongKeys.limit, per: WrongKeys.minute))

    /// No wrong key has come yet.
    ///
    /// - Parameter trustedProxies: networks of proxies that are trusted to name their clients; without it one client
    ///   behind a proxy would block all others.
    init(trustedProxies: [CIDRBlock]) {
        self.trustedProxies = trustedProxies
    }

    /// Where a request comes from: an IPv4 address, or an IPv6 network of 64 bits, all of which one client has.
    ///
    /// - Returns: a word for the address; all that have none share one.
    func source(of head: HTTPRequest, from peerAddress: String?) -> String {
        let forwardedFor = head.headerFields.filter { $0.name.canonicalName == "x-forwarded-for" }.map(\.value)
        guard
            let client = IPAddress(client: peerAddress, forwardedFor: forwardedFor, trustedProxies: trustedProxies)
        else { return "" }
        return client.clientNetwork.map { "\($0)" }.joined(separator: ".")
    }

    /// How long a source has to wait until its keys are checked again.
    ///
    /// - Returns: the wait; `nil` for none.
    func wait(of source: String, now: ContinuousClock.Instant = .now) -> Duration? {
        windows.withLock { $0.standing(of: source, now: now) }.flatMap { $0.isOver ? $0.reset : nil }
    }

    /// Notes a wrong key.
    func note(from source: String, now: ContinuousClock.Instant = .now) {
        _ = windows.withLock { $0.take(source, now: now) }
    }
}
