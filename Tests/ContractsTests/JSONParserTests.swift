import Testing

@testable import Contracts

/// The kinds of Nicolas Seriot's JSONTestSuite, in cases of our own: what every parser must take, what none may, and
/// what RFC 8259 leaves to each.
@Suite("JSON is read exactly as RFC 8259 has it")
struct JSONParserTests {
    @Test(
        "what the grammar has",
        arguments: [
            "[]", "{}", "[[]   ]", " [ ] ", "\t\r\n[\n1\r,\t2 ]\n", "\"\"", "\" \"", "null", "true", "false", "42",
            "-1", "0", "[null]", "[null,1,\"1\",{}]", "[1\n]", "[1,null,null,null,2]", "[2] ", "\"asd\"",
            #"{"asd":"sdf"}"#, #"{"":0}"#, #"{"asd":"sdf","dfg":"fgh"}"#, #"{"a":[]}"#, #"{"title":"\u041f\u043e"}"#,
            "{\n\"a\": \"b\"\n}", #"{"foo\u0000bar": 42}"#, #"{"min": -1.0e+28, "max": 1.0e+28}"#,
            #"{"x":[{"id": "y"}], "id": "z"}"#, "0e+1", "0e1", "[ 4]",
            "-0.000000000000000000000000000000000000000000000000000000000000000000000000000001", "20e1", "-0", "-123",
            "1E22", "1E-2", "1E+2", "123e45", "123.456e78", "1e-2", "1e+2", "123", "123.456789", "1.0", "0.5", "-0.0",
            "100000000000000000000", "123123123123123123123123123123", #""\u0060\u012a\u12AB""#, #""\uD801\udc37""#,
            #""\ud83d\ude39\ud83d\udc8d""#, #""\"\\\/\b\f\n\r\t""#, #""\\u0000""#, #""\"""#, #""a/*b*/c/*d//e""#,
            #""\\a""#, #""\\n""#, #""\u0012""#, #""\uFFFF""#, #""\uDBFF\uDFFF""#, #""new\u00A0line""#, #""\u0000""#,
            #""\u002c""#, #""\uD834\uDd1e""#, #""\u0821""#, #""\u005C""#, #""\u200B""#, "\"\u{7F}\"", "\"\u{10FFFF}\"",
            "\"\u{1BFFF}\"", "\"\u{2028}\u{2029}\"", "\"π\"", "\"asd \"", "\"⍂㈴⍂\"", "\"€𝄞\"", "\"\u{FEFF}\"",
            "\"\u{FFFE}\u{FFFF}\"", "\"\u{85}\u{9F}\"",
        ]
    )
    func takes(text: String) throws {
        let strict = try JSONValue(parsing: Array(text.utf8))
        #expect(try JSONValue(repairing: Array(text.utf8)) == strict)
        #expect(try JSONValue(parsing: JSONBytes.encode(strict)) == strict)
    }

    @Test(
        "what it does not have is refused, by the lenient reader too",
        arguments: [
            // Nothing, and bits of something.
            "", " ", "nul", "tru", "fals", "nan", "NaN", "Infinity", "-Infinity", "True", "NULL", "undefined", "a", "*",
            "<.>", "<null>", "'a'", "`a`", "a\"b\"", "\u{E9}", "\u{FEFF}\u{FEFF}1", " \u{FEFF}1", "aå", "[a", "asd",
            "]", "}", "{", "[",
            // Arrays.
            "[1 true]", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\",,]", "[\"x\"]]", "[\"\",]", "[\"x\"", "[x",
            "[3[4]]", "[1:2]", "[,]", "[-]", "[1,]", "[1,\n1\n,1", "[1,,]", "[\"a\",\n4\n,1,", "[1", "[*]", "[1,{}",
            "[][]", "[1]x", "[\"asd]", "[\u{B}]", "[\u{C}]", "\u{C}[]", "[\"\u{B}a\"\\f]", "[\u{A0}1]", "[\u{2060}]",
            "[\u{3000}1]", "1\u{0}", "[1]\u{0}", "[\u{0}]", "[1]\u{C}", "[False]", "[1}", "[<null>]", "[1]]",
            // Objects.
            #"{"x", null}"#, #"{"x"::"b"}"#, #"{🇨🇭}"#, #"{"a":"a" 123}"#, #"{key: "v"}"#, #"{"a" b}"#, #"{:"b"}"#,
            #"{"a" "b"}"#, #"{"a":"#, #"{"a""#, #"{"a"}"#, #"{1:1}"#, #"{9999E9999:1}"#, #"{null:null,null:null}"#,
            #"{"id":0,,,,,}"#, #"{'a':0}"#, #"{"id":0,}"#, #"{"a":"b",,"c":"d"}"#, #"{"a":"b"}/**/"#,
            #"{"a":"b"}/**//"#, #"{"a":"b"}//"#, #"{"a":"b"}/"#, #"/*c*/{"a":"b"}"#, #"{"a":/*c*/"b"}"#,
            #"{"a":true} "x""#, #"{"a":"b"}#{}"#, #"{"a":"b"}}"#, #"{"a":"b"]"#, #"{"a": "b", "c""#, #"{"asd":"asd""#,
            #"{,"#, #"{,"a":1}"#, #"{"a":"a"#, #"{[: "x"}"#, #"{"a" : 1 "b" : 2}"#, #"{"a";1}"#, #"{"a"=1}"#, "{\u{0}}",
            #"{"to":"+14155550321","text":"x",}"#,
            // Numbers.
            "++1234", "+1", "+Inf", "-01", "-1.0.", "-2.", "-NaN", ".-1", ".2e-3", "0.1.2", "0.3e+", "0.3e", "0.e1",
            "0E+", "0E", "0e+", "0e", "1.0e+", "1.0e-", "1.0e", "1 000.0", "1eE2", "2.e+3", "2.e-3", "2.e3", "9.e+",
            "1+2", "0x1", "0x42", "-foo", "- 1", "-012", "-.123", "-1x", "1ea", "1e1\u{E5}", "2.", ".5", "1.", "01",
            "1e", "1e.5", "1.a", "1.8011670033376514H-308", "012", "--1", "-", "1_000", "1e0.5", "00", "-00", "0b1",
            "1,5", "\u{FF11}", "\u{661}", "1\u{2212}", "\u{2212}1", "1e\u{661}", "Inf", "1f", "1L",
            // Strings.
            "\"", "\"a", #"["\ "]"#, #"["\x00"]"#, #"["\\\"]"#, "[\"\\\t\"]", "[\"\\🌀\"]", #"["\"]"#, #"["\u00A"]"#,
            #"["\uD834\uDd"]"#, #"["\uD800\uD800\x"]"#, #"["\a"]"#, #"["\uqqqq"]"#, #"["\'"]"#, #"["\u{41}"]"#,
            #"["\U0041"]"#, #"["\u+041"]"#, #"["\u 041"]"#, #"["\u００４１"]"#, "[\\u0020\"asd\"]", "[\\n]",
            "['single quote']", "abc", "[\"\\", "[\"a\u{0}a\"]", "[\"new\nline\"]", "\"\t\"", "\"\r\"", "\"\u{1F}\"",
            "\"\"x", "\"a\" \"b\"", #"["\u"]"#, #"["\0"]"#, "\u{201C}a\u{201D}", #"{"a":"b\"}"#,
        ]
    )
    func refuses(text: String) {
        #expect(throws: JSONProblem.self) { try JSONValue(parsing: Array(text.utf8)) }
        #expect(throws: JSONProblem.self) { try JSONValue(repairing: Array(text.utf8)) }
    }

    @Test(
        "numbers keep every digit, and small whole ones are integers",
        arguments: [
            ("0", 0), ("-1", -1), ("9223372036854775807", .max), ("-9223372036854775808", .min), ("-0", nil),
            ("1.0", nil), ("1e2", nil), ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1e400", nil),
            ("-1E-400", nil), ("0.1000000000000000055511151231257827", nil),
            ("123456789012345678901234567890.5e-7", nil),
        ] as [(String, Int64?)]
    )
    func numbers(text: String, integer: Int64?) throws {
        let value = try JSONValue(parsing: Array(text.utf8))
        if let integer {
            #expect(value == .integer(integer))
        } else {
            #expect(value == .number(JSONNumber(literal: text)))
        }
        #expect(String(decoding: JSONBytes.encode(value), as: UTF8.self) == text)
    }

    @Test(
        "escapes stand for their characters",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u00E9""#, "A\u{E9}\u{E9}"),
            (#""\ud83d\ude00""#, "\u{1F600}"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"), (#""\uD800\uDC00""#, "\u{10000}"),
            (#""\\ud83d""#, "\\ud83d"), (#""a\u0000b""#, "a\u{0}b"), (#""\uFFFD\uFEFF""#, "\u{FFFD}\u{FEFF}"),
            (#""x\u200dy""#, "x\u{200D}y"), (#""\ud83d\ude00\ud83d\ude00!""#, "\u{1F600}\u{1F600}!"),
        ] as [(String, String)]
    )
    func escapes(text: String, expected: String) throws {
        guard case .string(let read) = try JSONValue(parsing: Array(text.utf8)) else {
            Issue.record("no string")
            return
        }
        #expect(Array(read.unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(
        "512 levels are read, and no more, whatever they are made of",
        arguments: [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]")]
    )
    func depth(opening: String, closing: String) throws {
        let levels = opening.utf8.count { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }
        func text(_ count: Int) -> [UInt8] {
            let opened = String(repeating: opening, count: count / levels)
            let closed = String(repeating: closing, count: count / levels)
            let middle = opening.hasPrefix("{") || levels == 2 ? "1" : ""
            return Array((opened + middle + closed).utf8)
        }
        #expect(throws: Never.self) { try JSONValue(parsing: text(512)) }
        for count in [514, 1_000, 100_000] {
            #expect(throws: JSONProblem("the body is nested more than 512 levels deep")) {
                try JSONValue(parsing: text(count))
            }
        }
    }

    @Test("level 513 is refused, and a hundred thousand brackets, open or closed, cost no stack")
    func brackets() {
        let nested = JSONProblem("the body is nested more than 512 levels deep")
        let oneMore = String(repeating: "[", count: 513) + String(repeating: "]", count: 513)
        #expect(throws: nested) { try JSONValue(parsing: Array(oneMore.utf8)) }
        #expect(throws: nested) { try JSONValue(repairing: Array(oneMore.utf8)) }
        for bracket in ["[", "{", "[{\"\":", "]", "}"] {
            let text = String(repeating: bracket, count: 100_000)
            #expect(throws: JSONProblem.self) { try JSONValue(parsing: Array(text.utf8)) }
        }
        let wide = "[" + String(repeating: "[],", count: 100_000) + "[]]"
        #expect(throws: Never.self) { try JSONValue(parsing: Array(wide.utf8)) }
    }

    @Test("a byte order mark may stand before it, and UTF-16 and UTF-32 are named in the problem")
    func encodings() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        #expect(try JSONValue(parsing: mark + Array("[1]".utf8)) == .array([.integer(1)]))
        #expect(try JSONValue(parsing: mark + Array(" {}".utf8)) == .object([:]))
        #expect(throws: JSONProblem.self) { try JSONValue(parsing: mark) }
        #expect(throws: JSONProblem.self) { try JSONValue(parsing: Array(mark.prefix(2))) }
        #expect(throws: JSONProblem.self) { try JSONValue(parsing: Array(mark.prefix(2)) + Array("{}".utf8)) }

        let text = #"{"to": "+14155550331", "text": "plain"}"#
        let little: [UInt8] = text.utf8.flatMap { [$0, 0] }
        let big: [UInt8] = text.utf8.flatMap { [0, $0] }
        let wide: [UInt8] = text.utf8.flatMap { [0, 0, 0, $0] }
        let marked: [[UInt8]] = [[0xFF, 0xFE] + little, [0xFE, 0xFF] + big]
        let problem = JSONProblem("the body is not UTF-8: it looks like UTF-16 or UTF-32")
        for body in marked + [little, big, wide] {
            #expect(throws: problem) { try JSONValue(parsing: body) }
            #expect(throws: problem) { try JSONValue(repairing: body) }
        }
    }

    /// What no UTF-8 has (Unicode, table 3-7).
    static let notUTF8: [[UInt8]] = [
        [0xFF], [0xFE], [0x80], [0xBF], [0xC3], [0xE9],
        // Overlong: a slash and a NUL in more bytes than they take.
        [0xC0, 0xAF], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xE0, 0x9F, 0xBF], [0xF0, 0x80, 0x80, 0xAF],
        [0xF0, 0x8F, 0xBF, 0xBF], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80],
        // Surrogates, alone and as a pair (CESU-8).
        [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80],
        // Past the last character.
        [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF7, 0xBF, 0xBF, 0xBF],
        // Cut off.
        [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xF0, 0x9F], [0xC3, 0x41], [0xE2, 0x41, 0xAC],
    ]

    @Test("a string that is not UTF-8 is refused, and repaired it has U+FFFD in its place", arguments: notUTF8)
    func badBytes(bytes: [UInt8]) throws {
        for escape in ["", #"\n"#] {
            let body = Array(#"{"k": "a\#(escape)"#.utf8) + bytes + Array(#"b"}"#.utf8)
            #expect(throws: JSONProblem("the body is not valid UTF-8 (a string at byte 7)")) {
                try JSONValue(parsing: body)
            }
            guard case .string(let text)? = try JSONValue(repairing: body).members?["k"] else {
                Issue.record("no string")
                continue
            }
            #expect(text.hasPrefix("a") && text.hasSuffix("b"))
            #expect(text.unicodeScalars.contains("\u{FFFD}"))
            #expect(text.unicodeScalars.allSatisfy { $0 == "\u{FFFD}" || $0.isASCII })
        }
        // Also within a key, and as the very last bytes of a string.
        let key = Array(#"{"a"#.utf8) + bytes + Array(#"": 1}"#.utf8)
        #expect(throws: JSONProblem.self) { try JSONValue(parsing: key) }
        #expect(try JSONValue(repairing: key).members?.count == 1)
        #expect(throws: JSONProblem.self) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
    }

    @Test("what is not UTF-8 and in no string is not repaired", arguments: notUTF8)
    func badBytesOutside(bytes: [UInt8]) {
        let bodies: [[UInt8]] = [bytes, Array("[1]".utf8) + bytes, Array("[".utf8) + bytes + Array("]".utf8)]
        for body in bodies {
            #expect(throws: JSONProblem.self) { try JSONValue(parsing: body) }
            #expect(throws: JSONProblem.self) { try JSONValue(repairing: body) }
        }
    }

    @Test(
        "half a surrogate pair is refused by name, and repaired it is U+FFFD",
        arguments: [
            (#""see you \ud83d""#, "see you \u{FFFD}"), (#""\ude00 x""#, "\u{FFFD} x"), (#""\uD800""#, "\u{FFFD}"),
            (#""\udfff\ud800""#, "\u{FFFD}\u{FFFD}"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}\u{1F600}"),
            (#""\ud83d\ude00\ude00""#, "\u{1F600}\u{FFFD}"), (#""\ud83dx\ude00""#, "\u{FFFD}x\u{FFFD}"),
            (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\n""#, "\u{FFFD}\n"), (#""\uD83D\\u""#, "\u{FFFD}\\u"),
            (#""\ud83d é""#, "\u{FFFD} é"),
        ] as [(String, String)]
    )
    func halfPairs(text: String, repaired: String) throws {
        #expect {
            try JSONValue(parsing: Array(text.utf8))
        } throws: {
            ($0 as? JSONProblem)?.message.contains("half a surrogate pair") == true
        }
        #expect(try JSONValue(repairing: Array(text.utf8)) == .string(repaired))
        let key = Array("{\(text): 1}".utf8)
        #expect(throws: JSONProblem.self) { try JSONValue(parsing: key) }
        #expect(try JSONValue(repairing: key) == .object([repaired: .integer(1)]))
    }

    @Test(
        "a key that comes twice is refused, and repaired the last value counts",
        arguments: [
            (#"{"a": 1, "a": 2}"#, #"{"a": 2}"#), (#"{"a": 1, "a": 1}"#, #"{"a": 1}"#),
            (#"{"a": 1, "\u0061": 2}"#, #"{"a": 2}"#),
            (#"{"to": "1", "b": 0, "t\u006F": null}"#, #"{"b": 0, "to": null}"#), (#"{"": 1, "": 2}"#, #"{"": 2}"#),
            (#"[{"x": {"a": 1, "a": [3]}}]"#, #"[{"x": {"a": [3]}}]"#), (#"{"\u00e9": 1, "é": 2}"#, #"{"é": 2}"#),
            (#"{"/": 1, "\/": 2}"#, #"{"/": 2}"#),
        ] as [(String, String)]
    )
    func duplicateKeys(text: String, repaired: String) throws {
        #expect {
            try JSONValue(parsing: Array(text.utf8))
        } throws: {
            ($0 as? JSONProblem)?.message.contains("names a key twice") == true
        }
        #expect(try JSONValue(repairing: Array(text.utf8)) == JSONValue(parsing: Array(repaired.utf8)))
    }

    @Test(
        "keys that only look alike are two",
        arguments: [#"{"a": 1, "A": 2}"#, #"{"a": 1, "a ": 2}"#, #"{"а": 1, "a": 2}"#]
    )
    func alikeKeys(text: String) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)).members?.count == 2)
    }

    @Test(
        "a problem has the place",
        arguments: [
            (#"{"a": 1,}"#, "byte 8"), ("[1 2]", "byte 3"), ("[01]", "byte 2"), ("[1] x", "byte 4"),
            ("{'a': 1}", "byte 1"), (#"["\x"]"#, "byte 3"), ("[1", "after 2 bytes"), ("[\u{C}1]", "U+000C"),
            ("\u{FF11}", "byte 0"),
        ] as [(String, String)]
    )
    func places(text: String, place: String) {
        #expect {
            try JSONValue(parsing: Array(text.utf8))
        } throws: { error in
            (error as? JSONProblem)?.message.contains(place) == true
        }
    }
}

@Suite("JSON as it is written")
struct JSONBytesTests {
    @Test(
        "keeps every literal, and is read back as the same",
        arguments: [
            (#"{"b":1e-05,"a":[0.10,1E2,-0,1.0,100000000000000000000,true,false,null]}"#, nil),
            (#"["\u00e9/\u0001\u001f\b\f\n\r\t\"\\",{}, [ ]]"#, #"["é/\u0001\u001f\b\f\n\r\t\"\\",{},[]]"#),
            (#" "\u2028\ud83d\ude00\u007f" "#, "\"\u{2028}\u{1F600}\u{7F}\""), ("[1e400,-1e-400,0E0]", nil),
            (#"{"":{"":{"":""}}}"#, nil), (#"{"b":1,"B":2,"a":3}"#, #"{"B":2,"a":3,"b":1}"#),
            ("\"\\u0000\"", "\"\\u0000\""),
        ] as [(String, String?)]
    )
    func literals(text: String, written: String?) throws {
        let value = try JSONValue(parsing: Array(text.utf8))
        let bytes = JSONBytes.encode(value)
        if let written { #expect(String(decoding: bytes, as: UTF8.self) == written) }
        let again = try JSONValue(parsing: bytes)
        #expect(again == value)
        #expect(JSONBytes.encode(again) == bytes)
    }

    @Test("keeps the literals in the order of the keys")
    func order() throws {
        let value = try JSONValue(parsing: Array(#"{"z":1e-05,"y":0.10,"x":-0}"#.utf8))
        #expect(String(decoding: JSONBytes.encode(value), as: UTF8.self) == #"{"x":-0,"y":0.10,"z":1e-05}"#)
        let flat = JSONBytes.object([(name: "z", value: "a\"b"), (name: "a", value: "\u{1}é")])
        #expect(String(decoding: flat, as: UTF8.self) == #"{"z":"a\"b","a":"\u0001é"}"#)
    }

    @Test("escapes DEL and C1 only for terminals")
    func terminals() {
        func written(forTerminals: Bool) -> String {
            var bytes: [UInt8] = []
            JSONBytes.append("\u{7F}\u{9B}\u{A0}\n", to: &bytes, forTerminals: forTerminals)
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(written(forTerminals: false) == "\"\u{7F}\u{9B}\u{A0}\\n\"")
        #expect(written(forTerminals: true) == "\"\\u007f\\u009b\u{A0}\\n\"")
    }
}

@Suite("A JSON number")
struct JSONNumberTests {
    @Test(
        "is written in plain decimals",
        arguments: [
            ("1e-05", "0.00001"), ("1E2", "100"), ("1e+2", "100"), ("0.00001", "0.00001"), ("0.03330000", "0.03330000"),
            ("-0", "-0"), ("0.1e1", "1"), ("1.50e1", "15.0"), ("-1.5e-3", "-0.0015"), ("0e5", "0"), ("-0e1", "-0"),
            ("1.25e1", "12.5"), ("12.5e-1", "1.25"), ("120e-1", "12.0"), ("5e0", "5"), ("5.5E-0", "5.5"),
            ("123.456e2", "12345.6"), ("1e-1", "0.1"), ("10e-3", "0.010"), ("0.0e-2", "0.000"), ("7", "7"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
        ] as [(String, String)]
    )
    func plainDecimals(literal: String, plain: String) {
        #expect(JSONNumber(literal)?.plainDecimal == plain)
    }

    @Test("is written in plain decimals up to a thousand digits")
    func limits() {
        #expect(JSONNumber("1e400")?.plainDecimal == "1" + String(repeating: "0", count: 400))
        #expect(JSONNumber("1e999")?.plainDecimal?.utf8.count == 1_000)
        for literal in ["1e1000", "1e-1000", "1e1001", "1e999999999999999999999999", "1e-9223372036854775808"] {
            #expect(JSONNumber(literal)?.plainDecimal == nil)
        }
    }

    @Test(
        "is whole, however it is written",
        arguments: [
            ("1E2", 100), ("100.0", 100), ("1.5", nil), ("0.1e1", 1), ("-0", 0), ("10e-1", 1), ("15e-1", nil),
            ("1e-400", nil), ("1e400", nil), ("9223372036854775807.0", .max), ("9223372036854775808", nil),
            ("-3.00", -3), ("0e99999", nil), ("7", 7),
        ] as [(String, Int?)]
    )
    func whole(literal: String, whole: Int?) {
        #expect(JSONNumber(literal)?.whole == whole)
    }

    @Test(
        "is nothing else than JSON has",
        arguments: ["", "1.", ".5", "+1", "01", "NaN", "\"1\"", "1e", "null", "[1]"]
    )
    func refuses(text: String) {
        #expect(JSONNumber(text) == nil)
    }

    @Test("is as a binary number what is nearest, and never infinite")
    func double() {
        #expect(JSONNumber("1e-05")?.double == 0.00001)
        #expect(JSONNumber("1e400")?.double == .greatestFiniteMagnitude)
        #expect(JSONNumber("-1e400")?.double == -.greatestFiniteMagnitude)
        #expect(JSONNumber("1e-400")?.double == 0)
    }
}
