import App
import Testing

@Suite("An .env file")
struct DotEnvFileTests {
    @Test(
        "is read as shells and other tools write it",
        arguments: [
            ("A=1", "1"), ("A = 1 ", "1"), ("  A=1", "1"), ("export A=1", "1"), ("export\tA=1", "1"), ("A=", ""),
            ("A=1\r\nB=2\r\n", "1"), ("\u{FEFF}A=1", "1"), ("A=a b c", "a b c"), ("A=a#b", "a#b"), ("A=a # b", "a"),
            ("A=# b", ""), ("A=x=y", "x=y"), (#"A="a # b""#, "a # b"), (#"A="a b" # c"#, "a b"),
            (#"A="q\"\\\n\t\$x\y""#, "q\"\\\n\t$x\\y"), (#"A='q\n"'"#, #"q\n""#), ("A=\"1\n2\r\n3\"\nB=4", "1\n2\r\n3"),
            ("A=''", ""), ("A=1\nA=2", "2"), ("#A=1\nA=2", "2"), ("A=ä😀", "ä😀"), ("A=it's", "it's"),
            ("A=a\t #b\nB=1", "a"), ("A=\r\nB=2", ""),
        ]
    )
    func values(text: String, expected: String) {
        let file = DotEnvFile(text)
        #expect(file.values["A"] == expected)
        #expect(file.problems == [])
    }

    @Test(
        "names the line of what is wrong and reads the rest",
        arguments: [
            ("A=1\nnonsense\nB=2", "line 2: is not KEY=value"),
            ("A=1\n=3\nB=2", "line 2: has no name before '='"),
            ("A=1\n1X=3\nB=2", "line 2: has no name before '='"),
            ("A=1\n\n\nA-B=3\nB=2", "line 4: is not KEY=value"),
            ("A=1\nC=\"x\" y\nB=2", "line 2: has something after the closing quote"),
            ("A=1\nB=2\nC='x\n\n", "line 3: has a quote that is not closed"),
        ]
    )
    func problems(text: String, expected: String) {
        let file = DotEnvFile(text)
        #expect(file.problems == [expected])
        #expect(file.values == ["A": "1", "B": "2"])
    }

    @Test("may be empty, or hold nothing but comments", arguments: ["", "\n", "# A=1", " \r\n\t# x"])
    func empty(text: String) {
        #expect(DotEnvFile(text).values.isEmpty)
        #expect(DotEnvFile(text).problems == [])
    }
}
