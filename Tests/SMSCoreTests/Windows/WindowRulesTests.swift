import Contracts
import SMSCore
import Testing

@Suite("SEND_WINDOWS")
struct WindowRulesTests {
    @Test("gives the window of the longest prefix, else that of *")
    func read() throws {
        let rules = try WindowRules.read("1=09:00-20:00, +33=08:00-20:00 mon-sat,3367=10:00-12:00,*=08:00-21:00").get()
        func text(_ digits: String) throws -> String? {
            rules.window(of: try #require(PhoneNumber(digits: digits)))?.text
        }
        #expect(try text("14155550100") == "09:00-20:00")
        #expect(try text("33612345678") == "08:00-20:00 mon-sat")
        #expect(try text("33671234567") == "10:00-12:00")
        #expect(try text("4915112345678") == "08:00-21:00")
        let one = try WindowRules.read("33=20:00-08:00 sat sun").get()
        #expect(one.window(of: try #require(PhoneNumber(digits: "14155550100"))) == nil)
        #expect(WindowRules().window(of: try #require(PhoneNumber(digits: "14155550100"))) == nil)
    }

    @Test("has every problem listed")
    func problems() {
        guard
            case .failure(let problems) = WindowRules.read(
                "1:09:00,0=09:00-20:00,44=9-20,*=1,49=09:00-09:00,7=09:00-20:00 x,7=09:00-20:00,7=09:00-20:00"
            )
        else {
            Issue.record("it was read")
            return
        }
        #expect(
            problems.problems.map { $0.prefix(28) } == (1...6).map { "has an entry (number \($0)) that" } + [
                "has an entry (number 8) that"
            ]
        )
        guard case .failure = WindowRules.read(" , ") else {
            Issue.record("an empty list was read")
            return
        }
    }
}
