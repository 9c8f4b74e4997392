package import Contracts

/// Stops sending while the provider, or our account with it, takes nothing, and tries it out from time to time.
///
/// While it is open one request at a time goes, the probe: after 1 s, 2 s, 4 s … up to 5 min. Only answers to requests
/// that were granted after it opened count for it, so that what was under way then neither closes nor feeds it.
package struct Breaker: Sendable {
    /// Why sending pauses.
    package enum Cause: String, Hashable, Sendable, CaseIterable {
        /// Five different commands in a row could not be taken: 5xx, no connection, or no answer.
        case provider
        /// The set-up's trouble: credentials, balance, account.
        case account
    }

    /// What a breaker that is not closed knows.
    package struct Opening: Hashable, Sendable {
        package var cause: Cause
        /// For people: `account: 402`, `provider: 503`, `provider: connection refused`.
        package var detail: String
        package var since: Duration
        /// How long after the last answer the next probe comes.
        package var delay: Duration
        /// When the next probe may go; in the past while it waits for a command.
        package var nextProbe: Duration
    }

    /// Where the breaker stands.
    package enum State: Hashable, Sendable {
        /// Everything goes. Can go to: open.
        case closed
        /// Nothing goes before the next probe. Can go to: probing.
        case open(Opening)
        /// One request is trying it out. Can go to: closed, open.
        case probing(Opening)
    }

    /// What may be sent.
    package enum Permit: Hashable, Sendable {
        case all
        /// One request, to try it out.
        case probe
        /// Nothing before a moment; nil: before the probe under way is answered.
        case nothing(until: Duration?)
    }

    private static let commandsToOpen = 5
    private static let firstDelay = Duration.seconds(1)
    private static let longestDelay = Duration.seconds(300)

    package private(set) var state = State.closed
    /// What was accepted, for the rule about commands that meet the account's trouble again.
    package private(set) var acceptances = AcceptanceMemory()
    /// Different commands in a row that the provider could not take, or did not answer.
    private var unavailable: Set<CommandID> = []
    private var troubled = TroubleLedger()
    private var openedAt: Duration?

    /// A closed breaker.
    package init() {}

    /// What may be sent at a moment.
    package func permit(at now: Duration) -> Permit {
        switch state {
        case .closed: .all
        case .open(let opening): opening.nextProbe <= now ? .probe : .nothing(until: opening.nextProbe)
        case .probing: .nothing(until: nil)
        }
    }

    /// Whether a command is a good probe: one that has not met the trouble of this opening itself.
    package func isFresh(_ id: CommandID) -> Bool { !unavailable.contains(id) && !troubled.metTrouble(id) }

    /// A probe was granted.
    package mutating func beginProbe() {
        if case .open(let opening) = state { state = .probing(opening) }
    }

    /// Takes note of what became of a granted request.
    ///
    /// - Parameters:
    ///   - outcome: the answer; nil when no request was made after all.
    ///   - grant: what it was granted as.
    ///   - now: the moment of the answer.
    ///   - wall: the same moment by the wall clock.
    package mutating func note(_ outcome: SubmitOutcome?, of grant: SlotGrant, now: Duration, wall: Timestamp) {
        let id = grant.request.id
        let isOwnFault = isOwnFault(outcome, of: id)
        if case .accepted = outcome { acceptances.note(id, sentAt: wall - (now - grant.grantedAt)) }
        if case .accountTrouble = outcome { troubled.note(id, at: wall) }
        if grant.isProbe {
            guard case .probing(let opening) = state else { return }
            state = after(outcome, probing: opening, isOwnFault: isOwnFault, now: now)
            if state == .closed { forget() } else if outcome?.isUnavailability == true { unavailable.insert(id) }
        } else if state == .closed, grant.grantedAt >= openedAt ?? grant.grantedAt {
            count(outcome, of: id, isOwnFault: isOwnFault, now: now)
        }
    }

    // MARK: - Closed

    private mutating func count(_ outcome: SubmitOutcome?, of id: CommandID, isOwnFault: Bool, now: Duration) {
        switch outcome {
        case nil: break
        case .accepted, .refused, .throttled: unavailable = []
        case .accountTrouble(let problem):
            unavailable = []
            if !isOwnFault { open(.account, Self.detail(.account, problem, reason: "refused"), now: now) }
        case .unavailable(let reason, let problem), .uncertain(let reason, let problem):
            // A provider that hangs takes nothing either, and each request to it leaves a command uncertain.
            fail(id, problem, reason, now: now)
        }
    }

    private mutating func fail(_ id: CommandID, _ problem: ProviderProblem?, _ reason: String, now: Duration) {
        unavailable.insert(id)
        guard unavailable.count >= Self.commandsToOpen else { return }
        open(.provider, Self.detail(.provider, problem, reason: reason), now: now)
    }

    private mutating func open(_ cause: Cause, _ detail: String, now: Duration) {
        openedAt = now
        state = .open(
            Opening(
                cause: cause,
                detail: detail,
                since: now,
                delay: Self.firstDelay,
                nextProbe: now + Self.firstDelay
            )
        )
    }

    // MARK: - Probing

    private func after(
        _ outcome: SubmitOutcome?,
        probing opening: Opening,
        isOwnFault: Bool,
        now: Duration
    ) -> State {
        var opening = opening
        switch outcome {
        case nil:
            // Nothing was tried: the next one may at once.
            return .open(opening)
        case .accepted, .refused:
            return .closed
        case .throttled:
            // The provider works; it says nothing about the account, and the hold spaces the next probe.
            if opening.cause == .provider { return .closed }
            opening.nextProbe = now + opening.delay
            return .open(opening)
        case .accountTrouble where isOwnFault && opening.cause == .provider:
            return .closed
        case .accountTrouble(let problem):
            opening.cause = .account
            opening.detail = Self.detail(.account, problem, reason: "refused")
        case .unavailable(let reason, let problem), .uncertain(let reason, let problem):
            if opening.cause == .provider { opening.detail = Self.detail(.provider, problem, reason: reason) }
        }
        if !isOwnFault { opening.delay = min(opening.delay * 2, Self.longestDelay) }
        opening.nextProbe = now + opening.delay
        return .open(opening)
    }

    private mutating func forget() {
        unavailable = []
        troubled.endEpisode()
    }

    /// Whether a command met the account's trouble again although another was accepted in between: then the trouble is
    /// the command's own, and no reason to stop the others.
    private func isOwnFault(_ outcome: SubmitOutcome?, of id: CommandID) -> Bool {
        guard case .accountTrouble = outcome, let before = troubled.lastTrouble(of: id) else { return false }
        return acceptances.wasAnotherAccepted(after: before, than: id)
    }

    private static func detail(_ cause: Cause, _ problem: ProviderProblem?, reason: String) -> String {
        "\(cause.rawValue): " + (problem?.status.map { "\($0)" } ?? reason)
    }
}

extension SubmitOutcome {
    fileprivate var isUnavailability: Bool {
        if case .unavailable = self { true } else { false }
    }
}
