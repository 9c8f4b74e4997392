import Contracts
import Testing

@testable import SMSCore

@Suite("The zones of numbers")
struct NumberZonesTests {
    @Test(
        "are those of libphonenumber's table, by the longest prefix",
        arguments: [
            ("14155550100", ["America/Los_Angeles"]), ("12125550100", ["America/New_York"]),
            ("33612345678", ["Europe/Paris"]), ("4915112345678", ["Europe/Berlin"]),
            ("919876543210", ["Asia/Calcutta"]), ("819012345678", ["Asia/Tokyo"]), ("881612345678", []),
        ]
    )
    func known(digits: String, zones: [String]) throws {
        let number = try #require(PhoneNumber(digits: digits))
        #expect(NumberZones.names(of: number) == zones)
    }

    @Test("are all known to the zone rules here")
    func allKnown() throws {
        #expect(NumberZones.count > 2_000)
        let names = Set(
            NumberZones.text.split(whereSeparator: \.isNewline).flatMap { line in
                line.split(separator: "=")[0].split(separator: ",").map(String.init)
            }
        )
        #expect(names.count > 250)
        #expect(names.filter { ZoneClock.named($0) == nil } == [])
    }
}
