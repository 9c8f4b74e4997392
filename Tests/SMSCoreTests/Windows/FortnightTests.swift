import Contracts
import Foundation
import TestSupport
import Testing

@testable import SMSCore

/// 100,000 commands over 14 days of a clock of their own: decided, sent through the wait queues and back, delayed by the
/// gate, by failures and by an outage, and with the process killed in between.
@Suite("A fortnight of windows", .timeLimit(.minutes(10)))
struct FortnightTests {
    /// Europe's summer time begins in it (2027-03-28), and Australia's ends (2027-04-04).
    private static let start = Timestamp(milliseconds: 1_805_846_400_000)
    private static let length: Int64 = 14 * 86_400_000
    /// While the broker is away; what is due comes back at its end.
    private static let outage = (from: start + .seconds(4 * 86_400), until: start + .seconds(4 * 86_400 + 9 * 3600))

    fileprivate static let zones = [
        "America/Los_Angeles", "America/New_York", "America/St_Johns", "America/Sao_Paulo", "Europe/London",
        "Europe/Berlin", "Europe/Moscow", "Asia/Calcutta", "Asia/Tokyo", "Australia/Adelaide", "Australia/Sydney",
        "Pacific/Auckland",
    ]
    /// Numbers whose only zone is the one in the same place above.
    private static let numbers: [String?] = [
        "14155550100", "12125550100", nil, "5511961234567", "442071838750", "493012345678", "74951234567",
        "919876543210", "81312345678", nil, "61293744000", nil,
    ]
    private static let windows: [(start: Int, end: Int, days: String)] = [
        (540, 1200, "mon-sun"), (480, 1260, "mon-sat"), (1320, 120, "mon-sun"), (150, 210, "mon-sun"),
        (600, 601, "tue,sun"), (1380, 30, "sat"),
    ]

    @Test("nothing is sent outside its window, and the first at its opening", arguments: [false, true])
    func fortnight(withKills: Bool) throws {
        var random = SplitMix64(seed: withKills ? 19 : 7)
        var sent = 0
        var atOpening = 0
        for number in 0..<100_000 {
            let at = Int(random.next() % UInt64(Self.zones.count))
            let shape = Self.windows[Int(random.next() % UInt64(Self.windows.count))]
            let isNamed = Self.numbers[at] == nil || random.next() % 2 == 0
            let zone = Self.zones[at]
            let days = try #require(Weekdays(shape.days))
            let window = try #require(
                SendWindow(
                    start: shape.start,
                    end: shape.end,
                    days: days,
                    zone: isNamed ? .named(zone) : .recipient
                )
            )
            var journey = try Journey(
                id: Samples.id(number),
                to: Self.numbers[at] ?? "14155550100",
                window: window,
                arrival: Self.start + .milliseconds(Int64(random.next() % UInt64(Self.length))),
                outage: Self.outage,
                withKills: withKills
            )
            try journey.run(&random)
            let clock = try #require(Oracle.of(zone))
            for request in journey.requests {
                let isOpen = clock.isOpen(window, at: request.at)
                #expect(isOpen, "\(number) in \(zone), \(window.text), at \(request.at.rfc3339)")
                guard isOpen else { return }
                guard request.isUndelayed else { continue }
                atOpening += 1
                #expect(
                    !clock.isOpen(window, at: request.at - .seconds(1)),
                    "\(number) late in \(zone), \(window.text)"
                )
            }
            #expect(journey.isAccepted)
            sent += journey.requests.count
        }
        #expect(sent > 100_000)
        // Where a process ends in between, what comes first is not asked for.
        #expect(withKills || atOpening > 20_000)
    }

    private enum Samples {
        static func id(_ number: Int) throws -> CommandID { try #require(CommandID("n-\(number)")) }
    }
}

/// What a clock on the wall shows, asked of Foundation's calendar and not of the code under test.
private struct Oracle {
    private let calendar: Calendar

    private static let all: [String: Oracle] = {
        var all: [String: Oracle] = [:]
        for name in FortnightTests.zones {
            guard let zone = TimeZone(identifier: name) else { continue }
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = zone
            all[name] = Oracle(calendar: calendar)
        }
        return all
    }()

    static func of(_ name: String) -> Oracle? { all[name] }

    func isOpen(_ window: SendWindow, at moment: Timestamp) -> Bool {
        let parts = calendar.dateComponents([.weekday, .hour, .minute], from: moment.date)
        guard let weekday = parts.weekday, let hour = parts.hour, let minute = parts.minute else { return false }
        // Sunday is 1.
        let day = (weekday + 5) % 7
        let time = hour * 60 + minute
        if window.start < window.end { return window.days.contains(day) && (window.start..<window.end).contains(time) }
        return time >= window.start
            ? window.days.contains(day) : time < window.end && window.days.contains((day + 6) % 7)
    }
}

/// One command on its way, as the outbound flow and the broker carry it.
private struct Journey {
    struct Request {
        let at: Timestamp
        /// Whether it waited for its window, and nothing else delayed it.
        let isUndelayed: Bool
    }

    private(set) var requests: [Request] = []
    private(set) var isAccepted = false

    private let id: CommandID
    private let preparation: Preparation
    private let policy = Decision.Policy(retention: .seconds(40 * 86_400))
    private let outage: (from: Timestamp, until: Timestamp)
    private let withKills: Bool
    /// What the ledger has.
    private var record: MessageRecord?
    /// The copies in the queues: when each is delivered, and its number.
    private var copies: [(at: Timestamp, wait: Int)]

    init(
        id: CommandID,
        to: String,
        window: SendWindow,
        arrival: Timestamp,
        outage: (from: Timestamp, until: Timestamp),
        withKills: Bool
    ) throws {
        self.id = id
        self.outage = outage
        self.withKills = withKills
        var command = SendCommand()
        command.to = PhoneNumber(digits: to)
        command.text = "Hello"
        command.window = window
        preparation = Preparation.of(
            SendCommand.Reading(command: command, problems: []),
            id: id,
            defaultSender: Sender("14155550199")
        )
        copies = [(arrival, 0)]
    }

    mutating func run(_ random: inout SplitMix64) throws {
        var turns = 0
        while let next = copies.indices.min(by: { copies[$0].at < copies[$1].at }) {
            turns += 1
            try #require(turns < 1_000, "it goes round for ever")
            let copy = copies.remove(at: next)
            deliver(copy, &random)
        }
    }

    /// Handles one copy, until it is in a queue again, or not needed.
    private mutating func deliver(_ copy: (at: Timestamp, wait: Int), _ random: inout SplitMix64) {
        var now = copy.at
        if now >= outage.from, now < outage.until { now = outage.until }
        var isUndelayed = now == copy.at
        while true {
            let situation = Decision.Situation(
                id: id,
                bodyDigest: "d",
                lane: .send,
                preparation: preparation,
                correlationID: nil,
                traceparent: nil,
                marks: CopyMarks(wait: copy.wait, firstSeen: record?.createdAt),
                now: now
            )
            switch Decision.of(record, in: situation, policy: policy) {
            case .wait(let waiting, let until):
                guard let level = WaitLevel.hop(for: until - now, mayBeLate: !waiting.endsExactly(at: until)) else {
                    now = until
                    continue
                }
                var carried = waiting
                carried.wait = max(waiting.wait, copy.wait) + 1
                // Killed before the copy is published, or before it is written down.
                let death = withKills ? random.next() % 24 : 9
                if death > 0 { copies.append((now + level.duration, carried.wait)) }
                guard death > 1 else { return copies.append((now + .seconds(Int64(random.next() % 20)), copy.wait)) }
                carried.version += 1
                record = carried
                return
            case .send(let ready, let prepared):
                if random.next() % 4 == 0 {
                    // The gate takes its time; then the flow looks once more.
                    now = now + .milliseconds(Int64(random.next() % 2_000))
                    isUndelayed = false
                    guard policy.isOpen(for: prepared, in: .send, at: now) else { continue }
                }
                if withKills, random.next() % 24 == 0 {
                    return copies.append((now + .seconds(Int64(random.next() % 20)), copy.wait))
                }
                let waited = ready.facts.opensAt != nil && ready.attempts == 0
                requests.append(Request(at: now, isUndelayed: isUndelayed && waited && !withKills))
                var after = ready
                after.version += 1
                after.attempts += 1
                if after.attempts < 4, random.next() % 5 == 0 {
                    after.firstFailureAt = now
                    after.notBefore = now + .seconds(Int64(1 + random.next() % 10_800))
                    after.updatedAt = now
                } else {
                    let accepted = Settlement(outcome: .accepted, messageUUID: "u", error: nil, at: now)
                    after = after.settled(accepted, retention: policy.retention)
                    after.isPublished = true
                    isAccepted = true
                }
                record = after
                isUndelayed = false
            case .settle, .assess:
                return
            case .join, .leave, .finish, .republish:
                return
            }
        }
    }
}
