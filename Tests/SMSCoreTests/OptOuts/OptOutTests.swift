import Contracts
import SMSCore
import Testing

@Suite("Words that opt out and in")
struct OptOutKeywordsTests {
    private let keywords = OptOutKeywords(
        stop: ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT", "ARRÊT"],
        start: ["START", "UNSTOP", "YES"]
    )

    @Test(
        "as the whole message, whatever its case, punctuation and quotes",
        arguments: [
            "STOP", "stop", " Stop. ", "\"STOP\"", "“stop”", "'Stop'!", "STOP\n", "opt   out", "Opt out.", "¡Quit!",
            "arrêt",
            "*stop*", "STOP…", "stopall", "Opt-out", "S.T.O.P.", "opt - out",
        ]
    )
    func stops(text: String) {
        #expect(keywords.wish(in: text)?.wish == .stop)
    }

    @Test(
        "not within other words",
        arguments: [
            "STOP 12345", "please stop by", "We have got to STOP this bill", "STOPP", "", " ", ".", "nonstop", "st op",
            "STOP STOP", String(repeating: "STOP", count: 100),
        ]
    )
    func ordinary(text: String) {
        #expect(keywords.wish(in: text) == nil)
    }

    @Test("START opts in; a word of both lists opts out")
    func starts() {
        #expect(keywords.wish(in: "start!")?.wish == .start)
        #expect(keywords.wish(in: "yes")?.keyword == "YES")
        #expect(OptOutKeywords(stop: ["x"], start: ["X"]).wish(in: "x")?.wish == .stop)
        #expect(OptOutKeywords(stop: ["", " "], start: []).wish(in: "") == nil)
    }
}

@Suite("Where messages may go")
struct DestinationRulesTests {
    private func denial(_ number: String, allowed: [String] = [], denied: [String] = []) throws -> String? {
        DestinationRules(allowed: allowed, denied: denied).denial(of: try #require(PhoneNumber(number)))
    }

    @Test("by prefix; what is denied wins over what is allowed")
    func prefixes() throws {
        #expect(try denial("14155550100") == nil)
        #expect(try denial("14155550100", allowed: ["1", "44"]) == nil)
        #expect(try denial("4915112345678", allowed: ["1", "44"]) == "only destinations with +1, +44 are allowed")
        #expect(try denial("18765550100", allowed: ["1"], denied: ["1876"]) == "destinations with +1876 are denied")
    }
}
