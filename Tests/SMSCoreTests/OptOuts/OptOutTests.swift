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

    @Test(
        "whatever the handset puts around, between or into their letters",
        arguments: [
            "STOP\u{200D}", "\u{200E}STOP", "ST\u{AD}OP", "STOP\u{0}", "\u{FEFF}stop", "STOP \u{FFFD}",
            "STOP \u{1F44D}\u{1F3FD}", "\u{FF33}\u{FF34}\u{FF2F}\u{FF30}", "\u{24C8}\u{24C9}\u{24C4}\u{24C5}",
            "ARRE\u{302}T", "\u{202A}Stop.\u{202C}", "STOP" + String(repeating: "\u{200B}", count: 5_000),
        ]
    )
    func written(text: String) {
        #expect(keywords.wish(in: text)?.wish == .stop)
    }

    @Test(
        "of two words as of one, and the other way round only where the list has both",
        arguments: [
            ("Stop all", "STOP ALL"), ("STOP\nALL", "STOP ALL"), ("stop \r\n all!", "STOP ALL"),
            ("STOP\u{3000}ALL", "STOP ALL"), ("STOP\u{A0}\u{A0}ALL", "STOP ALL"),
            ("\u{FF33}\u{FF34}\u{FF2F}\u{FF30} ALL", "STOP ALL"), ("STOPALL", "STOPALL"), ("stop-all", "STOPALL"),
            ("STOP ALL ALL", nil), ("ALL STOP", nil), ("STOP", nil),
        ] as [(String, String?)]
    )
    func twoWords(text: String, keyword: String?) {
        let both = OptOutKeywords(stop: ["STOPALL", "STOP ALL"], start: [])
        #expect(both.wish(in: text)?.keyword == keyword)
    }

    @Test(
        "in any case: \u{DF} is SS, a last sigma is a sigma, and all four i's of Turkish are one",
        arguments: [
            ("schlu\u{DF}", ["SCHLUSS", "Schluss", "SCHLU\u{1E9E}", "schlu\u{DF}"]),
            ("SCHLUSS", ["schlu\u{DF}", "SCHLU\u{1E9E}"]),
            ("\u{3A4}\u{39F}\u{3A3}", ["\u{3C4}\u{3BF}\u{3C2}", "\u{3C4}\u{3BF}\u{3C3}"]),
            ("\u{130}PTAL", ["iptal", "IPTAL", "\u{130}PTAL", "\u{131}ptal", "\u{130}ptal", "Iptal"]),
            ("iptal", ["\u{130}PTAL", "IPTAL", "\u{131}PTAL"]),
            ("\u{421}\u{422}\u{41E}\u{41F}", ["\u{441}\u{442}\u{43E}\u{43F}"]),
        ] as [(String, [String])]
    )
    func cases(keyword: String, texts: [String]) {
        for text in texts {
            #expect(OptOutKeywords(stop: [keyword], start: []).wish(in: text)?.wish == .stop, "\(text)")
        }
    }

    @Test(
        "not where they only look like one",
        arguments: [
            "\u{405}TOP", "ST0P", "\u{421}\u{422}\u{41E}\u{41F}", "st\u{F6}p", "STOP 2 ALL", "STOP THE PRESSES",
            "S T O P", "Don't stop", "STOP?yes", "\u{200D}", "\u{FFFD}", "\u{0}",
        ]
    )
    func alike(text: String) {
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
