import Contracts
import FoundationEssentials
import Testing

@testable import Vonage

@Suite("The provider's times")
struct VonageTimestampTests {
    @Test(
        "Times that are valid",
        arguments: [
            ("2025-02-03T12:14:25Z", 1_738_584_865), ("2020-01-01T14:00:00.000Z", 1_577_887_200),
            ("2020-01-01T14:00:00.5Z", 1_577_887_200.5), ("2020-01-01 14:00:00", 1_577_887_200),
            ("2020-01-01+14:00:00", 1_577_887_200), ("2020-01-01T14:00:00", 1_577_887_200),
            ("2020-01-01T15:30:00+01:30", 1_577_887_200), ("2020-01-01T13:00:00-0100", 1_577_887_200),
            ("2020-01-01T16:00:00+02", 1_577_887_200), ("2020-02-29T00:00:00Z", 1_582_934_400),
            ("2000-03-01T00:00:00Z", 951_868_800), ("1970-01-01T00:00:00Z", 0),
        ]
    )
    func valid(text: String, seconds: Double) {
        #expect(VonageTimestamp.parse(text)?.date.timeIntervalSince1970 == seconds)
    }

    @Test(
        "Times that are not valid",
        arguments: [
            "", "now", "2020-01-01", "2020-13-01T00:00:00Z", "2020-01-01T24:00:00Z", "2020-01-01T00:00:00Zx",
            "2020-01-01T00:00:00+", "20-01-01T00:00:00Z", "2020-01-01T00:00",
        ]
    )
    func invalid(text: String) {
        #expect(VonageTimestamp.parse(text) == nil)
    }

    @Test("A receipt's scts")
    func scts() {
        #expect(VonageTimestamp.parseSCTS("2001011400")?.date.timeIntervalSince1970 == 1_577_887_200)
        #expect(VonageTimestamp.parseSCTS("200101") == nil)
        #expect(VonageTimestamp.parseSCTS("2013011400") == nil)
    }
}
