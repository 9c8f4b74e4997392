import TestSupport
import Testing

@testable import Contracts

@Suite("A timestamp")
struct TimestampTests {
    @Test(
        "is read from RFC 3339 with any offset, with or without a fraction",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:01.500Z", 1_500), ("1970-01-01T01:00:00+01:00", 0),
            ("1969-12-31T23:30:00.250-00:30", 250), ("1970-01-01t00:00:00z", 0),
            ("2026-11-25T04:00:00.123456Z", 1_795_579_200_123), ("1970-01-01T00:00:00-00:00", 0),
            ("1970-01-01T23:59:00+23:59", 0), ("1969-12-31T00:01:00-23:59", 0), ("1970-01-01T00:00:00.0009Z", 0),
            ("1970-01-01T00:00:00.1Z", 100), ("1970-01-01T00:00:00.01Z", 10), ("1970-01-01T00:00:00.0123456Z", 12),
            ("1970-01-01T00:00:00.999999999999Z", 999), ("1969-12-31T23:59:59.999Z", -1),
            ("2027-06-01T10:00:00.123456789012Z", 1_811_844_000_123), ("2027-06-01T12:00:00+02:00", 1_811_844_000_000),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000), ("0000-02-29T00:00:00Z", -62_162_121_600_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)]
    )
    func reads(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(
        "has the days that the calendar has",
        arguments: [
            ("2024-02-29", true), ("2023-02-29", false), ("2000-02-29", true), ("1900-02-29", false),
            ("2100-02-29", false), ("2024-02-30", false), ("2026-04-30", true), ("2026-04-31", false),
            ("2026-06-31", false), ("2026-09-31", false), ("2026-11-31", false), ("2026-01-31", true),
            ("2026-12-31", true), ("2026-12-32", false), ("2026-00-01", false), ("2026-01-00", false),
            ("2026-13-01", false), ("0000-00-00", false), ("9999-99-99", false),
        ] as [(String, Bool)]
    )
    func days(date: String, exists: Bool) {
        #expect((Timestamp(rfc3339: date + "T12:00:00Z") != nil) == exists)
    }

    @Test(
        "has a second 60 at the end of a UTC month alone, and it is the second behind it",
        arguments: [
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
            ("2016-12-31T23:59:60.5Z", "2017-01-01T00:00:00.500Z"),
            ("1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00.000Z"),
            ("2017-01-01T05:29:60+05:30", "2017-01-01T00:00:00.000Z"),
            ("1972-06-30T23:59:60Z", "1972-07-01T00:00:00.000Z"), ("2027-02-28T23:59:60Z", "2027-03-01T00:00:00.000Z"),
            ("1969-12-31T23:59:60Z", "1970-01-01T00:00:00.000Z"), ("2016-12-30T23:59:60Z", nil),
            ("2028-02-28T23:59:60Z", nil), ("2016-12-31T23:58:60Z", nil), ("2016-12-31T22:59:60Z", nil),
            ("2016-12-31T23:59:60-08:00", nil), ("2016-12-31T23:59:60+01:00", nil), ("2016-12-31T00:00:60Z", nil),
            ("2016-12-31T23:59:61Z", nil), ("2016-12-31T24:59:60Z", nil),
        ] as [(String, String?)]
    )
    func leapSeconds(text: String, read: String?) {
        #expect(Timestamp(rfc3339: text)?.rfc3339 == read)
    }

    @Test(
        "is refused when it is anything else",
        arguments: [
            // Something is missing.
            "", "2026-11-25", "2026-11-25T04:00:00", "yesterday", "2026-13-25T04:00:00Z", "2026-11-25 04:00",
            "1795579200", "2027-06-01T10:00Z", "2027-06-01TZ", "T10:00:00Z", "2027-06-01T10:00:00.Z",
            "2027-06-01T10:00:00.+02:00", "Z", "2027-06-01T10:00:", "2027-06-01T10", "20270601T100000Z",
            "2027-W22-2T10:00:00Z", "2027-152T10:00:00Z",
            // Something is behind or before it.
            "2027-06-01T10:00:00Z or later", "2027-06-01T10:00:00+02:00[Europe/Berlin]", "2027-06-01T10:00:00Z ",
            " 2027-06-01T10:00:00Z", "2027-06-01T10:00:00ZZ", "2027-06-01T10:00:00Z\n", "2027-06-01T10:00:00Z\u{0}",
            "\u{FEFF}2027-06-01T10:00:00Z", "2027-06-01T10:00:00Z[UTC]", "2027-06-01T10:00:00+02:00Z",
            "2027-06-01T10:00:00Z+02:00", "2027-06-01T10:00:00Z\u{200B}", "2027-06-01T10:00:00Z\u{301}",
            // The offset is none.
            "2027-06-01T10:00:00+0200", "2027-06-01T10:00:00+02", "2027-06-01T10:00:00+2:00",
            "2027-06-01T10:00:00+02:0", "2027-06-01T10:00:00+24:00", "2027-06-01T10:00:00-24:00",
            "2027-06-01T10:00:00+02:60", "2027-06-01T10:00:00 +02:00", "2027-06-01T10:00:00\u{2212}02:00",
            "2027-06-01T10:00:00CEST", "2027-06-01T10:00:00UTC", "2027-06-01T10:00:00+99:99",
            "2027-06-01T10:00:00+02:00:00", "2027-06-01T10:00:00\u{B1}02:00",
            // Hour, minute and second are none.
            "2027-06-01T24:00:00Z", "2027-06-01T25:00:00Z", "2027-06-01T10:60:00Z", "2027-06-01T10:00:61Z",
            "2027-06-01T10:00:60Z", "2027-06-01T1:00:00Z", "2027-06-01T010:00:00Z", "2027-06-01T-1:00:00Z",
            // Other separators, signs and digits.
            "2027-06-01 10:00:00Z", "2027-06-01_10:00:00Z", "2027/06/01T10:00:00Z", "2027-06-01T10.00.00Z",
            "2027-06-01T10:00:00,5Z", "+2027-06-01T10:00:00Z", "-2027-06-01T10:00:00Z", "12027-06-01T10:00:00Z",
            "02027-06-01T10:00:00Z", "27-06-01T10:00:00Z", "2027-6-1T10:00:00Z", "2027-06-01T10:00:00.1.2Z",
            "2027-06-01T10:00:00.-1Z", "2027-06-01T10:00:00. 1Z", "2027-06-01T10:00:00.1e2Z",
            "2027-06-01T1\u{FF10}:00:00Z", "２０２７-０６-０１T１０:００:００Z", "\u{662}\u{660}\u{662}\u{667}-06-01T10:00:00Z",
            "2027\u{2010}06\u{2010}01T10:00:00Z", "2027-06-01\u{422}10:00:00Z", "2027-06-01T10:00:00\u{FF3A}",
            "2027-06-01T10\u{FF1A}00\u{FF1A}00Z", "Tue, 01 Jun 2027 10:00:00 GMT", "2027-06-01T10:00:00.\u{661}Z",
        ]
    )
    func refuses(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test(
        "is refused when its moment, in UTC, lies outside the years that can be written",
        arguments: [
            "0000-01-01T00:00:00+00:01", "0000-01-01T23:58:59+23:59", "9999-12-31T23:59:59-00:01",
            "9999-12-31T00:01:00-23:59", "9999-12-31T23:59:60Z",
        ]
    )
    func outside(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("has any number of digits in its fraction")
    func fractions() {
        for count in [1, 2, 3, 6, 7, 9, 12, 40, 10_000] {
            let text = "1970-01-01T00:00:00." + String(repeating: "9", count: count) + "Z"
            let expected: Int64 = count == 1 ? 900 : count == 2 ? 990 : 999
            #expect(Timestamp(rfc3339: text)?.milliseconds == expected)
        }
    }

    @Test("is written in UTC with milliseconds and read back")
    func writes() {
        let moment = Timestamp(milliseconds: 1_795_579_200_007)
        #expect(moment.rfc3339 == "2026-11-25T04:00:00.007Z")
        #expect(Timestamp(rfc3339: moment.rfc3339) == moment)
    }

    @Test(
        "is written with leap days, and before 1970",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (1_735_689_599_001, "2024-12-31T23:59:59.001Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func writes(milliseconds: Int64, expected: String) {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == expected)
    }

    @Test("is read back as it was written, from the year 0 to 9999")
    func roundTrips() {
        let range = Int64(-62_167_219_200_000)...253_402_300_799_999
        var random = SplitMix64(seed: 3339)
        var moments = (0..<20_000).map { _ in Int64.random(in: range, using: &random) }
        // Both sides of every second, day and year near the epoch, and the ends.
        moments += [-86_400_001, -86_400_000, -1_001, -1_000, -999, -1, 0, 1, 999, 1_000, 86_399_999, 86_400_000]
        moments += [range.lowerBound, range.lowerBound + 1, range.upperBound - 1, range.upperBound]
        for milliseconds in moments {
            let text = Timestamp(milliseconds: milliseconds).rfc3339
            if Timestamp(rfc3339: text)?.milliseconds != milliseconds {
                Issue.record("\(milliseconds) is written as \(text)")
                return
            }
        }
    }

    @Test("every day from 1600 to 2400 follows the one before")
    func calendar() throws {
        let first = try #require(CivilDate(year: 1_600, month: 1, day: 1)).daysSinceEpoch
        let last = try #require(CivilDate(year: 2_400, month: 12, day: 31)).daysSinceEpoch
        #expect(first == -135_140 && last == 157_419)
        for day in first...last {
            let date = CivilDate(daysSinceEpoch: day)
            if CivilDate(year: date.year, month: date.month, day: date.day)?.daysSinceEpoch != day {
                Issue.record("day \(day) is \(date)")
                return
            }
        }
    }
}
