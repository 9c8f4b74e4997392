import Bridge
import Contracts
import SMSCore
import Testing

@testable import App

@Suite("The settings of answers and windows")
struct RecipientSettingsTests {
    @Test("are off without a text or a window")
    func defaults() throws {
        let settings = try settings()
        let sender = try #require(Sender("14155550100"))
        #expect(settings.optOut.helpKeywords == ["HELP", "INFO"])
        #expect(settings.optOut.scope == .sender)
        #expect(settings.optOut.replyPause == .seconds(3600))
        for wish in OptOutKeywords.Wish.allCases {
            #expect(settings.optOut.replies.text(for: wish, from: sender) == nil)
        }
        #expect(settings.sending.windows.isEmpty)
    }

    @Test("have a text for all senders, and one for each that is named; the environment goes before the file")
    func texts() throws {
        let settings = try settings(
            ["OPT_OUT_REPLY_14155550100": "From the environment"],
            yaml: """
                OPT_OUT_REPLY: "ACME: bye, and thank you"
                OPT_OUT_REPLY_14155550100: "From the file"
                OPT_OUT_REPLY_12345: "The short one"
                HELP_REPLY_MyShop: "Ask us"
                """
        )
        func text(_ wish: OptOutKeywords.Wish, _ sender: String) throws -> String? {
            settings.optOut.replies.text(for: wish, from: try #require(Sender(sender)))
        }
        #expect(try text(.stop, "14155550100") == "From the environment")
        #expect(try text(.stop, "12345") == "The short one")
        #expect(try text(.stop, "14155550199") == "ACME: bye, and thank you")
        #expect(try text(.help, "MyShop") == "Ask us")
        #expect(try text(.help, "12345") == nil)
        #expect(try text(.start, "12345") == nil)
    }

    @Test("have every problem named")
    func wrong() {
        let found = problems([
            "OPT_OUT_SCOPE": "everyone", "REPLY_PAUSE": "4d", "SEND_WINDOWS": "1=9-20,*=08:00-21:00 someday",
            "OPT_IN_REPLY": "Stop.", "HELP_REPLY_1": "Help", "HELP_REPLY": String(repeating: "x", count: 3_201),
        ])
        #expect(found.count == 6, "\(found)")
        let all = found.joined(separator: "\n")
        #expect(all.contains("entry (number 1)") && all.contains("entry (number 2)"))
        #expect(all.contains("OPT_IN_REPLY has a text that is itself a keyword"))
        #expect(all.contains("HELP_REPLY_1 ends in what is neither"))
    }

    @Test("of single senders are shown with the others")
    func shown() {
        let values = loader(yaml: "OPT_IN_REPLY_12345: Hello").effectiveValues()
        #expect(values.last == ConfigurationValue(name: "OPT_IN_REPLY_12345", value: "Hello", source: "bridge.yaml"))
    }
}
