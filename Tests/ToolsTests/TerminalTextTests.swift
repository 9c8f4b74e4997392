import App
import Contracts
import Testing

@testable import Tools

@Suite("What the command line writes")
struct TerminalTextTests {
    @Test(
        "steers no terminal: control characters are escaped, line breaks and tabs stay",
        arguments: [
            ("plain äß😀\u{A0}", "plain äß😀\u{A0}"), ("a\nb\tc", "a\nb\tc"), ("a\r\nb", "a \nb"),
            ("\u{1B}[2J", #"\u001b[2J"#), ("\u{0}\u{7}", #"\u0000\u0007"#), ("\u{7F}", #"\u007f"#),
            ("\u{80}\u{9B}31m\u{9F}", #"\u0080\u009b31m\u009f"#), ("", ""),
        ]
    )
    func harmless(text: String, shown: String) {
        #expect(TerminalText.harmless(text) == shown)
        #expect(TerminalText.harmless(Array(text.utf8)) == shown)
    }

    @Test("keeps JSON the same JSON")
    func json() throws {
        let bytes = Array("{\r\n\"a\": \"\u{9B}2J\u{7F}\"}".utf8)
        let shown = TerminalText.harmless(bytes)
        #expect(try JSONValue(parsing: Array(shown.utf8)) == JSONValue(parsing: bytes))
        #expect(shown.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    }

    @Test("replaces bytes that are no UTF-8, such as a bare C1")
    func bareBytes() {
        #expect(TerminalText.harmless([0x61, 0x9B, 0x32]) == "a\u{FFFD}2")
    }

    @Test(
        "quotes CSV where it has to be quoted",
        arguments: [
            (["+1", "*", "api"], "+1,*,api"), (["a,b", "c"], "\"a,b\",c"), (["a\"b"], "\"a\"\"b\""),
            (["a\r\nb", "", "c\nd"], "\"a\r\nb\",,\"c\nd\""),
        ]
    )
    func csv(fields: [String], line: String) {
        #expect(CSVText.line(fields) == line)
    }
}
