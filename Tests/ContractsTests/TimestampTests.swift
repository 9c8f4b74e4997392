import Testing

@testable import Contracts

@Suite("A timestamp")
struct TimestampTests {
    @Test(
        "is read from RFC 3339 with any offset, with or without a fraction",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:01.500Z", 1_500), ("1970-01-01T01:00:00+01:00", 0),
            ("1969-12-31T23:30:00.250-00:30", 250), ("1970-01-01t00:00:00z", 0),
            ("2026-11-25T04:00:00.123456Z", 1_795_579_200_123),
        ] as [(String, Int64)]
    )
    func reads(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(
        "is refused without date, time or offset",
        arguments: [
            "", "2026-11-25", "2026-11-25T04:00:00", "yesterday", "2026-13-25T04:00:00Z", "2026-11-25 04:00",
            "1795579200",
        ]
    )
    func refuses(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("is written in UTC with milliseconds and read back")
    func writes() {
        let moment = Timestamp(milliseconds: 1_795_579_200_007)
        #expect(moment.rfc3339 == "2026-11-25T04:00:00.007Z")
        #expect(Timestamp(rfc3339: moment.rfc3339) == moment)
    }
}
