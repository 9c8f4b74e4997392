import Contracts
import TestSupport

@testable import SMSCore

extension SplitMix64 {
    /// A duration up to a limit, in microseconds.
    mutating func upTo(_ limit: Duration) -> Duration {
        .microseconds(Int64.random(in: 0...max(0, limit.wholeMilliseconds * 1000), using: &self))
    }
}

/// How many of ascending moments lie in the fullest window of a length, both ends included.
func most(of moments: [Duration], within length: Duration) -> Int {
    var most = 0
    var first = 0
    for (last, moment) in moments.enumerated() {
        while moment - moments[first] > length { first += 1 }
        most = max(most, last - first + 1)
    }
    return most
}

extension PaceLimit {
    static func perSecond(_ count: Int, _ unit: Unit = .requests) -> PaceLimit {
        .limited(count: count, per: .seconds(1), unit: unit)
    }
}

extension Sender {
    static let ours = Sender.alphanumeric("Ours")

    static func named(_ number: Int) -> Sender { .alphanumeric("S\(number)") }
}

extension SlotRequest {
    static func of(
        _ id: String,
        _ lane: Lane = .send,
        from sender: Sender = .ours,
        segments: Int = 1,
        isReturned: Bool = false
    ) -> SlotRequest {
        SlotRequest(
            id: CommandID(id).unsafelyUnwrapped,
            lane: lane,
            sender: sender,
            segments: segments,
            isReturned: isReturned
        )
    }
}

extension SlotGrant {
    /// A grant as a breaker sees it.
    static func of(_ id: String, isProbe: Bool = false, at moment: Duration = .zero) -> SlotGrant {
        SlotGrant(
            ticket: 0,
            request: .of(id),
            isProbe: isProbe,
            grantedAt: moment,
            slot: moment,
            waited: .zero
        )
    }
}

/// A scheduler on a simulated day: requests come, timers fire, answers take their time.
struct Simulation {
    private enum Event {
        case come(SlotRequest, reservation: Duration?)
        case ready(SlotGrant, slot: Duration)
        case answer(SlotGrant, SubmitOutcome?)
        case timer
    }

    var scheduler: SlotScheduler
    private(set) var now: Duration = .zero
    private(set) var grants: [SlotGrant] = []
    private(set) var turnedAway: [(TicketNumber, until: Duration)] = []
    /// Requests that were sent to the broker, and until when.
    private(set) var parked: [(SlotRequest, until: Duration)] = []
    private(set) var mostInFlight = 0
    private var events: [(at: Duration, event: Event)] = []
    private var inFlight = 0
    private var timerAt: Duration?

    /// How long a request takes.
    var latency: Duration = .milliseconds(50)
    /// What comes of a request, by id and time.
    var outcome: (SlotGrant, Duration) -> SubmitOutcome? = { _, _ in .accepted(messageUUID: "u") }
    /// How long it takes from the grant to the request; nil sends at once, and asks for no slot again.
    var writing: (() -> Duration)?
    /// When requests were made.
    private(set) var sent: [Duration] = []

    /// How late the timer fires.
    var lateness: () -> Duration = { .zero }
    /// Whether parked requests come back at their time.
    var comesBack: (() -> Duration)?

    init(_ configuration: SlotScheduler.Configuration) {
        self.scheduler = SlotScheduler(configuration)
    }

    /// The wall clock of the simulation.
    static func wall(_ moment: Duration) -> Timestamp { Timestamp(milliseconds: 1_000_000_000) + moment }

    /// A request comes at a moment, with the slot that it was given before.
    mutating func come(_ request: SlotRequest, reservation: Duration? = nil, at moment: Duration) {
        schedule(.come(request, reservation: reservation), at: moment)
    }

    /// Runs until nothing happens any more, or until a moment.
    mutating func run(until end: Duration) {
        while let next = events.last, next.at <= end {
            events.removeLast()
            now = max(now, next.at)
            handle(next.event)
        }
        now = max(now, end)
    }

    /// The moments of the grants of a lane, or of all.
    func moments(_ lane: Lane? = nil) -> [Duration] {
        grants.filter { lane == nil || $0.request.lane == lane }.map(\.grantedAt)
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .come(let request, let reservation):
            if case .later(let until) = scheduler.enter(request, reservation: reservation, now: now) {
                parked.append((request, until))
                if let late = comesBack {
                    let back = SlotRequest(
                        id: request.id,
                        lane: request.lane,
                        sender: request.sender,
                        segments: request.segments
                    )
                    schedule(.come(back, reservation: until), at: until + late())
                }
            }
        case .ready(let grant, let slot):
            if slot > now {
                schedule(.ready(grant, slot: slot), at: slot + lateness())
            } else if let instead = scheduler.slotInstead(of: slot, for: grant, now: now) {
                schedule(.ready(grant, slot: instead), at: max(now, instead + lateness()))
            } else {
                send(grant)
            }
        case .answer(let grant, let outcome):
            inFlight -= 1
            scheduler.finish(grant, outcome, now: now, wall: Self.wall(now))
        case .timer:
            timerAt = nil
        }
        for action in scheduler.advance(now: now) {
            switch action {
            case .go(let grant):
                grants.append(grant)
                inFlight += 1
                mostInFlight = max(mostInFlight, inFlight)
                if let writing {
                    schedule(.ready(grant, slot: grant.slot), at: now + writing())
                } else {
                    send(grant)
                }
            case .turnAway(let number, let until):
                turnedAway.append((number, until))
            }
        }
        if let wake = scheduler.wake, timerAt.map({ wake < $0 }) ?? true {
            timerAt = wake
            schedule(.timer, at: wake + lateness())
        }
    }

    private mutating func send(_ grant: SlotGrant) {
        sent.append(now)
        schedule(.answer(grant, outcome(grant, now)), at: now + latency)
    }

    /// Latest first, so that the next event is the last; of the same moment, the one that was scheduled first.
    private mutating func schedule(_ event: Event, at moment: Duration) {
        var low = 0
        var high = events.count
        while low < high {
            let middle = (low + high) / 2
            if events[middle].at > moment { low = middle + 1 } else { high = middle }
        }
        events.insert((moment, event), at: low)
    }
}
