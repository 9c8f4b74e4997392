package import Contracts

/// Who may send, and when: lanes, the account's rate, the senders' rates, connections and the breaker in one machine.
///
/// Requests enter and get a ticket; `advance` hands out what is due; each grant is ended with `finish`.
/// Times are monotonic, counted from any origin. After every call of a mutating function `advance` is called, and then
/// again at `wake`.
package struct SlotScheduler: Sendable {
    /// Where a request that entered waits.
    package enum Entry: Hashable, Sendable {
        /// Inside, under this number, until an action names it or `leave` is called.
        case waits(TicketNumber)
        /// In the broker; it comes back then, with that time as its reservation.
        case later(until: Duration)
    }

    /// What the shell does for a ticket, which is inside no more.
    package enum Action: Hashable, Sendable {
        /// It may send.
        case go(SlotGrant)
        /// It waited too long and goes away for a while.
        case turnAway(TicketNumber, until: Duration)
    }

    private let configuration: Configuration
    /// Asked for each message, so it is not looked for each time.
    private let isUnlimited: Bool
    package private(set) var breaker = Breaker()
    private var rate: PacedRate
    private var senders: SenderPaces
    private var inFlight: InFlightLimit
    private var share = LaneShare()
    private var send = LaneQueue()
    private var bulk = LaneQueue()
    private var lastNumber: TicketNumber = 0
    /// Whether a request has been waiting for nothing but the rate since the last turn.
    private var isRateAwaited = false
    private var totalWait: Duration = .zero

    /// When `advance` is to be called next; nil when only another call can change something.
    package private(set) var wake: Duration?

    /// A scheduler without requests.
    package init(_ configuration: Configuration) {
        self.configuration = configuration
        isUnlimited = configuration.isUnlimited
        self.rate = PacedRate(configuration.rate)
        self.senders = SenderPaces(configuration.senders, patience: configuration.patience)
        self.inFlight = InFlightLimit(total: configuration.concurrency, rateIsUnlimited: rate.isUnlimited)
    }

    /// A request comes.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - reservation: the time of the `.later` that it was given before; nil when it comes for the first time.
    ///   - now: the moment of its coming.
    /// - Returns: where it waits.
    package mutating func enter(_ request: SlotRequest, reservation: Duration? = nil, now: Duration) -> Entry {
        let admission = senders.admit(
            request,
            reservation: reservation,
            now: now,
            accountWait: accountWait(request.lane, now: now)
        )
        if case .away(let until) = admission { return .later(until: until) }
        lastNumber += 1
        let ticket = Ticket(
            number: lastNumber,
            request: request,
            enteredAt: now,
            isPaced: admission == .inside
        )
        change(request.lane) { $0.append(ticket) }
        return .waits(ticket.number)
    }

    /// A request that waits inside is called off; of any other nothing is left to call off.
    package mutating func leave(_ number: TicketNumber, now: Duration) {
        guard let ticket = send.remove(number) ?? bulk.remove(number) else { return }
        gone(ticket, now: now)
    }

    /// Whether a slot costs nothing: neither the account nor any sender has a limit, and nothing pauses.
    package func isFree(now: Duration) -> Bool {
        isUnlimited && rate.holdsUntil <= now && breaker.permit(at: now) == .all
    }

    /// A granted request is over.
    ///
    /// - Parameters:
    ///   - grant: the grant; each is finished once.
    ///   - outcome: the provider's answer; nil when no request was made after all. The slot is spent either way.
    ///   - now: the moment of the answer.
    ///   - wall: the same moment by the wall clock.
    package mutating func finish(_ grant: SlotGrant, _ outcome: SubmitOutcome?, now: Duration, wall: Timestamp) {
        inFlight.end(grant.request.lane)
        if case .throttled(let retryAfter) = outcome {
            rate.hold(until: now + retryAfter)
            rate.halve(now: now, grantedAt: grant.grantedAt)
        }
        breaker.note(outcome, of: grant, now: now, wall: wall)
    }

    /// Looks whether a granted request may go now that it is ready to.
    ///
    /// - Parameters:
    ///   - slot: the grant's slot, or the one that this function gave it instead; it has come.
    ///   - grant: the grant.
    ///   - now: the moment right before the request.
    /// - Returns: nil when it may; the slot to wait for when it is so late that its sending now would be a burst.
    package mutating func slotInstead(of slot: Duration, for grant: SlotGrant, now: Duration) -> Duration? {
        rate.retake(slot, cost: rate.cost(ofSegments: grant.request.segments), now: now)
    }

    /// Hands out what is due, and finds when to be called next.
    ///
    /// - Returns: what to do for the tickets that are inside no more, in order.
    package mutating func advance(now: Duration) -> [Action] {
        var actions = turnAwayOverdue(now: now)
        while let grant = nextGrant(now: now) { actions.append(.go(grant)) }
        if let deadline = [send.oldest, bulk.oldest].compactMap({ $0?.enteredAt }).min() {
            sleep(until: deadline + configuration.longestStay)
        }
        return actions
    }

    // MARK: - Granting

    /// The next grant; nil, with `wake` set, when none is due.
    private mutating func nextGrant(now: Duration) -> SlotGrant? {
        wake = nil
        let wasAwaited = isRateAwaited
        isRateAwaited = false
        guard send.count + bulk.count > 0 else { return nil }

        let permit = breaker.permit(at: now)
        if case .nothing(let until) = permit {
            if let until { sleep(until: until) }
            return nil
        }
        guard rate.holdsUntil <= now else {
            sleep(until: rate.holdsUntil)
            return nil
        }
        let slot = max(now, rate.earliest)
        guard let (ticket, bulkWaited) = choose(slot: slot, isProbe: permit == .probe) else {
            // Either a sender's slot comes, or a request under way ends.
            for sender in [send.pacedSenders, bulk.pacedSenders].joined() {
                // Without the lead, which is for slots of the account: a sender is ready when its slot has come.
                let earliest = senders.earliest(sender)
                if earliest > now { sleep(until: earliest) }
            }
            return nil
        }
        isRateAwaited = true
        guard slot - configuration.lead <= now else {
            sleep(until: slot - configuration.lead)
            return nil
        }
        return grant(ticket, isProbe: permit == .probe, bulkWaited: bulkWaited, now: now, wasAwaited: wasAwaited)
    }

    /// Whose turn it is among those whose sender has a slot by then and whose lane has a free connection.
    private func choose(slot: Duration, isProbe: Bool) -> (Ticket, bulkWaited: Bool)? {
        let isReady = { sender in senders.earliest(sender) <= slot }
        func first(_ queue: LaneQueue) -> Ticket? {
            let fresh = isProbe ? queue.first(isReady: isReady, where: breaker.isFresh) : nil
            return fresh ?? queue.first(isReady: isReady)
        }
        let bulkTicket = inFlight.admits(.bulk, bulkWaits: true) ? first(bulk) : nil
        let sendTicket = inFlight.admits(.send, bulkWaits: bulkTicket != nil) ? first(send) : nil
        guard let sendTicket else { return bulkTicket.map { ($0, true) } }
        guard let bulkTicket else { return (sendTicket, false) }
        if isProbe, !breaker.isFresh(sendTicket.request.id), breaker.isFresh(bulkTicket.request.id) {
            return (bulkTicket, true)
        }
        let isBulkDue = share.isBulkDue(cost: rate.cost(ofSegments: bulkTicket.request.segments))
        return (isBulkDue ? bulkTicket : sendTicket, true)
    }

    private mutating func grant(
        _ ticket: Ticket,
        isProbe: Bool,
        bulkWaited: Bool,
        now: Duration,
        wasAwaited: Bool
    ) -> SlotGrant {
        let request = ticket.request
        let cost = rate.cost(ofSegments: request.segments)
        let slot = rate.take(cost: cost, now: now, wasAwaited: wasAwaited)
        change(request.lane) { _ = $0.remove(ticket.number) }
        if ticket.isPaced { senders.take(request, enteredAt: ticket.enteredAt, slot: max(slot, now)) }
        share.note(request.lane, cost: cost, bulkWaited: bulkWaited)
        inFlight.begin(request.lane)
        if isProbe { breaker.beginProbe() }
        totalWait += now - ticket.enteredAt
        return SlotGrant(
            ticket: ticket.number,
            request: request,
            isProbe: isProbe,
            grantedAt: now,
            slot: slot,
            waited: now - ticket.enteredAt
        )
    }

    // MARK: - The rest

    private mutating func turnAwayOverdue(now: Duration) -> [Action] {
        var actions: [Action] = []
        for lane in Lane.allCases {
            while let ticket = queue(lane).oldest, ticket.enteredAt + configuration.longestStay <= now {
                change(lane) { _ = $0.remove(ticket.number) }
                gone(ticket, now: now)
                actions.append(.turnAway(ticket.number, until: now + configuration.absence))
            }
        }
        return actions
    }

    private mutating func gone(_ ticket: Ticket, now: Duration) {
        if ticket.isPaced { senders.leave(ticket.request) }
        totalWait += now - ticket.enteredAt
    }

    /// How long a newcomer would wait for the account at least: the pauses, and those before it in line.
    private func accountWait(_ lane: Lane, now: Duration) -> Duration {
        var start = max(now, rate.earliest)
        if case .nothing(let until?) = breaker.permit(at: now) { start = max(start, until) }
        let ahead =
            switch (lane, rate.limit) {
            case (.send, .limited(_, _, .segments)): send.segments
            case (.bulk, .limited(_, _, .segments)): send.segments + bulk.segments
            case (.send, _): send.count
            case (.bulk, _): send.count + bulk.count
            }
        return start - now + rate.span(of: ahead, from: start)
    }

    private mutating func sleep(until moment: Duration) { wake = min(wake ?? moment, moment) }

    private func queue(_ lane: Lane) -> LaneQueue {
        switch lane {
        case .send: send
        case .bulk: bulk
        }
    }

    private mutating func change(_ lane: Lane, _ body: (inout LaneQueue) -> Void) {
        switch lane {
        case .send: body(&send)
        case .bulk: body(&bulk)
        }
    }
}

extension SlotScheduler {
    /// How things stand, for health and metrics.
    package struct Snapshot: Hashable, Sendable {
        /// Requests that wait inside, by lane.
        package let waiting: [Lane: Int]
        /// Requests under way, by lane.
        package let inFlight: [Lane: Int]
        /// Requests or segments a second in force now; nil when unlimited.
        package let unitsPerSecond: Double?
        /// Until when the provider's 429 holds all sending; nil when it does not.
        package let heldUntil: Duration?
        package let breaker: Breaker.State
        /// How long all requests together have waited inside, since the beginning; those that wait now not yet.
        package let totalWait: Duration
        /// Senders with a limit that are remembered.
        package let senders: Int
    }

    /// How things stand at a moment.
    package func snapshot(now: Duration) -> Snapshot {
        Snapshot(
            waiting: [.send: send.count, .bulk: bulk.count],
            inFlight: [.send: inFlight.count(of: .send), .bulk: inFlight.count(of: .bulk)],
            unitsPerSecond: rate.unitsPerSecond(at: now),
            heldUntil: rate.holdsUntil > now ? rate.holdsUntil : nil,
            breaker: breaker.state,
            totalWait: totalWait,
            senders: senders.count
        )
    }
}
