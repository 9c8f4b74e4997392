import Contracts
import Testing
import Tools

@Suite("--window and --tz")
struct WindowOptionTests {
    private func json(_ window: String?, _ zone: String?) throws -> JSONValue? {
        try WindowOption.read(window: window, zone: zone).map { try JSONValue(parsing: JSONBytes.encode($0)) }
    }

    @Test("become a command's field: hours, days where some are named, the zone where it is not the recipient's")
    func field() throws {
        #expect(try json(nil, nil) == nil)
        let hours: [String: JSONValue] = ["start": .string("09:00"), "end": .string("20:00")]
        #expect(try json("09:00-20:00", nil) == .object(hours))
        #expect(try json("09:00-20:00", "recipient") == .object(hours))
        let days = hours.merging(["days": .string("mon-sat")]) { $1 }
        #expect(try json("09:00-20:00 mon-sat", nil) == .object(days))
        let zone = days.merging(["tz": .string("Europe/Paris")]) { $1 }
        #expect(try json("09:00-20:00 mon,tue,wed,thu,fri,sat", "Europe/Paris") == .object(zone))
        let night = try #require(try WindowOption.read(window: "22:00-06:00", zone: "UTC"))
        #expect(night.isOverMidnight && night.zone == .named("UTC"))
    }

    @Test(
        "are refused with everything that is wrong",
        arguments: [
            ("9-20", nil, ["--window has no hours"]), ("", nil, ["--window has no hours"]),
            ("09:00-20:00 soon", nil, ["--window has days that are not"]),
            ("09:00-09:00", nil, ["--window has hours that", "end where they begin"]),
            ("09:00-20:00", "CET", ["--tz must be"]),
            ("24:00-08:00", "Nowhere/None", ["--window has", "--tz must be"]),
            (nil, "Europe/Paris", ["--window, which is not given"]),
        ] as [(String?, String?, [String])]
    )
    func wrong(window: String?, zone: String?, words: [String]) throws {
        let problem = #expect(throws: JSONProblem.self) { try WindowOption.read(window: window, zone: zone) }
        let message = try #require(problem).message
        for word in words { #expect(message.contains(word), "\(message)") }
    }
}
