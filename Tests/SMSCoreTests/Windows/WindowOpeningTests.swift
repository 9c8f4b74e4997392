import Contracts
import Testing

@testable import SMSCore

@Suite("When a window opens")
struct WindowOpeningTests {
    private func opening(
        _ start: String,
        _ end: String,
        _ days: String = "mon-sun",
        in zone: String,
        after moment: String
    ) throws -> String? {
        let (start, end) = (try #require(SendWindow.minutes(start)), try #require(SendWindow.minutes(end)))
        let days = try #require(Weekdays(days))
        let window = try #require(SendWindow(start: start, end: end, days: days))
        let clock = try #require(ZoneClock.named(zone))
        let from = try #require(Timestamp(rfc3339: moment))
        return window.opening(after: from, in: clock)?.rfc3339
    }

    @Test("at once while it is open, and at its start otherwise, by the zone's clock")
    func plain() throws {
        let inside = "2026-11-30T08:00:00.000Z"
        #expect(try opening("09:00", "20:00", in: "Europe/Paris", after: inside) == inside)
        #expect(
            try opening("09:00", "20:00", in: "Europe/Paris", after: "2026-11-30T07:59:59.999Z") == inside
        )
        let last = "2026-11-30T18:59:59.999Z"
        #expect(try opening("09:00", "20:00", in: "Europe/Paris", after: last) == last)
        #expect(
            try opening("09:00", "20:00", in: "Europe/Paris", after: "2026-11-30T19:00:00Z")
                == "2026-12-01T08:00:00.000Z"
        )
        // A Saturday evening; India's clock is half an hour off.
        #expect(
            try opening("10:00", "21:00", "mon-sat", in: "Asia/Kolkata", after: "2026-11-28T15:30:00Z")
                == "2026-11-30T04:30:00.000Z"
        )
    }

    @Test("over midnight, with the day on which it begins")
    func overMidnight() throws {
        // Friday night is still Friday's at one on Saturday.
        let saturday = "2026-11-28T01:00:00.000Z"
        #expect(try opening("22:00", "02:00", "fri", in: "UTC", after: saturday) == saturday)
        #expect(
            try opening("22:00", "02:00", "fri", in: "UTC", after: "2026-11-28T02:00:00Z") == "2026-12-04T22:00:00.000Z"
        )
        #expect(
            try opening("22:00", "02:00", "sat", in: "UTC", after: saturday) == "2026-11-28T22:00:00.000Z"
        )
    }

    @Test("in spring: what would open in the hour that is skipped opens at its end, or not at all that day")
    func gap() throws {
        // Europe/Berlin, 2027-03-28: 02:00 becomes 03:00 at 01:00 UTC.
        #expect(
            try opening("02:30", "04:00", in: "Europe/Berlin", after: "2027-03-28T00:10:00Z")
                == "2027-03-28T01:00:00.000Z"
        )
        #expect(
            try opening("02:10", "02:50", in: "Europe/Berlin", after: "2027-03-28T00:10:00Z")
                == "2027-03-29T00:10:00.000Z"
        )
        #expect(
            try opening("09:00", "20:00", in: "Europe/Berlin", after: "2027-03-27T19:00:00Z")
                == "2027-03-28T07:00:00.000Z"
        )
    }

    @Test("in autumn: what is open in the hour that comes twice is open twice, and closed in between")
    func twice() throws {
        // America/New_York, 2026-11-01: 02:00 becomes 01:00 at 06:00 UTC.
        let second = "2026-11-01T06:05:00.000Z"
        #expect(try opening("01:00", "01:30", in: "America/New_York", after: second) == second)
        #expect(
            try opening("01:00", "01:30", in: "America/New_York", after: "2026-11-01T05:30:00Z")
                == "2026-11-01T06:00:00.000Z"
        )
        #expect(
            try opening("09:00", "20:00", in: "America/New_York", after: "2026-11-01T00:00:00Z")
                == "2026-11-01T14:00:00.000Z"
        )
    }

    @Test("never, where it has hours in no zone at once, and where no zone is known; the reason is named")
    func never() throws {
        let now = try #require(Timestamp(rfc3339: "2026-11-30T12:00:00Z"))
        let day = try #require(SendWindow(start: 540, end: 1200))
        let satellite = try #require(PhoneNumber(digits: "881612345678"))
        guard case .never(let unknown) = SendHours(day, of: satellite).opening(after: now) else {
            Issue.record("it opens")
            return
        }
        #expect(unknown.contains("zone of the number is not known"))
        // +1 alone is every zone from Guam to Newfoundland.
        let anywhere = try #require(PhoneNumber(digits: "18005550100"))
        let short = try #require(SendWindow(start: 600, end: 1080))
        guard case .never(let nowhere) = SendHours(short, of: anywhere).opening(after: now) else {
            Issue.record("it opens")
            return
        }
        #expect(nowhere.contains("never open in all zones"))
    }

    @Test("where a number has several zones, only in the hours that are inside all of them")
    func several() throws {
        // A Russian mobile: from Kaliningrad (+2) to Kamchatka (+12).
        let number = try #require(PhoneNumber(digits: "79161234567"))
        let names = NumberZones.names(of: number)
        #expect(names.count > 10 && names.contains("Asia/Kamchatka"))
        let hours = SendHours(try #require(SendWindow(start: 480, end: 1260)), of: number)
        let opening = hours.opening(after: try #require(Timestamp(rfc3339: "2026-11-30T12:00:00Z")))
        guard case .at(let opens) = opening else {
            Issue.record("it does not open")
            return
        }
        #expect(hours.isOpen(at: opens))
        #expect(!hours.isOpen(at: opens - .milliseconds(1)))
        for name in names {
            let offset = try #require(ZoneClock.named(name)).stretch(at: opens).offset
            let hour = (opens.milliseconds + offset) % 86_400_000 / 3_600_000
            #expect((8..<21).contains(hour), "\(name): \(hour)")
        }
    }
}
