import Foundation
import TestSupport
import Testing

@testable import Contracts

/// Each reader on inputs that no person would write: seeds, good and hostile, mutated by a generator that a seed repeats.
///
/// 2,000 rounds each by default. `SMS_BRIDGE_FUZZ_SECONDS` runs each for so long, prints the longest single call, and
/// fails when one took more than 50 ms; `SMS_BRIDGE_FUZZ_SEED` begins with a seed that a failure has named.
@Suite("The readers, fed with anything")
struct ReaderFuzzTests {
    @Test("JSON: what is taken is written and read back as the same, and the lenient reader reads no other value")
    func json() {
        Fuzz(name: "JSON", seeds: Self.bodies, pieces: Self.bodyPieces) { bytes in
            try? JSONValue(parsing: bytes)
        } judge: { bytes, value in
            guard let value else { return nil }
            if let complaint = Self.complaint(onWriting: value) { return complaint }
            return (try? JSONValue(repairing: bytes)) == value ? nil : "the lenient reader reads something else"
        }.run()
    }

    @Test("JSON, repaired: what is taken is written as JSON that the strict reader takes for the same")
    func repairedJSON() {
        Fuzz(name: "JSON, repaired", seeds: Self.bodies, pieces: Self.bodyPieces) { bytes in
            try? JSONValue(repairing: bytes)
        } judge: { _, value in
            value.flatMap { Self.complaint(onWriting: $0) }
        }.run()
    }

    @Test("numbers: every digit was in the input, in this order, and the number read again is itself")
    func phoneNumbers() {
        Fuzz(name: "phone number", seeds: Self.numbers, pieces: Self.numberPieces) { bytes in
            PhoneNumber(String(decoding: bytes, as: UTF8.self))
        } judge: { bytes, number in
            guard let number else { return nil }
            let written = Self.digits(of: String(decoding: bytes, as: UTF8.self))
            guard Self.digits(of: number.digits).isSubsequence(of: written) else {
                return "\(number.digits) was not in it"
            }
            guard PhoneNumber(digits: number.digits) == number else { return "\(number.digits) is no E.164 number" }
            return PhoneNumber(number.e164) == number ? nil : "\(number.digits) is read again as another"
        }.run()
    }

    @Test("times: what is taken is written and read back as the same")
    func timestamps() {
        // What the years 0 to 9999 can write; a moment outside must not be written at all.
        let writable = Int64(-62_167_219_200_000)...253_402_300_799_999
        Fuzz(name: "RFC 3339", seeds: Self.times, pieces: Self.timePieces) { bytes in
            Timestamp(rfc3339: String(decoding: bytes, as: UTF8.self))
        } judge: { _, moment in
            guard let moment else { return nil }
            guard writable.contains(moment.milliseconds) else { return "\(moment.milliseconds) cannot be written" }
            let text = moment.rfc3339
            return Timestamp(rfc3339: text) == moment ? nil : "\(moment.milliseconds) is written as \(text)"
        }.run()
    }

    @Test("keywords: what is folded has single blanks, none at its ends, and nothing invisible")
    func foldedTexts() {
        Fuzz(name: "keyword", seeds: Self.keywords, pieces: Self.keywordPieces) { bytes in
            FoldedText.of(String(decoding: bytes, as: UTF8.self))
        } judge: { _, folded in
            guard let folded else { return nil }
            let scalars = Array(folded.unicodeScalars)
            if scalars.first == " " || scalars.last == " " { return "a blank at an end" }
            if zip(scalars, scalars.dropFirst()).contains(where: { $0 == " " && $1 == " " }) { return "two blanks" }
            return scalars.contains { $0.isInvisible } ? "an invisible character" : nil
        }.run()
    }

    /// The decimal digits of a text, of any script.
    private static func digits(of text: String) -> [Int] {
        var digits: [Int] = []
        for scalar in text.unicodeScalars where scalar.properties.generalCategory == .decimalNumber {
            if let value = scalar.properties.numericValue { digits.append(Int(value)) }
        }
        return digits
    }

    /// What is wrong with how a value is written.
    ///
    /// Nil when nothing is. Asks each number for all it can say, too.
    private static func complaint(onWriting value: JSONValue) -> String? {
        let bytes = JSONBytes.encode(value)
        guard let again = try? JSONValue(parsing: bytes) else { return "is written as what is no JSON" }
        guard again == value, JSONBytes.encode(again) == bytes else { return "is written as another value" }
        return complaint(onNumbersOf: value)
    }

    private static func complaint(onNumbersOf value: JSONValue) -> String? {
        switch value {
        case .number(let number):
            if let plain = number.plainDecimal, JSONNumber(plain) == nil { return "\(number.literal) is \(plain)?" }
            if let whole = number.whole, Double(whole) != number.double { return "\(number.literal) is not \(whole)" }
            return number.double.isFinite ? nil : "\(number.literal) is infinite"
        case .array(let values):
            for value in values { if let complaint = Self.complaint(onNumbersOf: value) { return complaint } }
        case .object(let members):
            for value in members.values { if let complaint = Self.complaint(onNumbersOf: value) { return complaint } }
        default: break
        }
        return nil
    }
}

// MARK: - Seeds

extension ReaderFuzzTests {
    private static func bytes(of texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    fileprivate static let bodies = [
        #"{"to": "+14155550100", "text": "Grüße 😀 \ud83d\ude00", "metadata": {"k": "v"}, "max_segments": 2}"#,
        #"[1, -0, 0.1e1, 1E400, -1e-05, 9223372036854775807, 9223372036854775808, true, false, null, "", [], {}]"#,
        #"{"text":"STOP \ud83d","a":{"a":{"a":[[[]]]}},"\u0061b":"\"\\\/\b\f\n\r\t\u0000"}"#,
        "\u{FEFF}{\"channel\":\"sms\",\"price\":0.00001,\"err-code\":0}", String(repeating: "[", count: 600),
        String(repeating: #"{"a":"#, count: 500) + "1" + String(repeating: "}", count: 500), "\"\"", "0", " null ",
    ]
    fileprivate static let bodyPieces: [[UInt8]] =
        bytes(of: [
            "{", "}", "[", "]", ",", ":", "\"", "\\", #"\u"#, #"\ud83d"#, #"\ude00"#, #"\u0000"#, #"\\"#, "1e",
            "e-9999",
            "1e-9223372036854775808", "1e9223372036854775807", "-0", "0.0", "-", "+", ".", "E+1", "true", "nul", "//",
            "/*",
            "'", " ", "\n", "\u{C}", "\u{A0}", "\u{FEFF}", "\u{0}", #""a":1,"#, #""a":"b","#, "é", "e\u{301}", "😀",
            "NaN",
            "99999999999999999999",
        ]) + JSONParserTests.notUTF8

    fileprivate static let numbers = [
        "+14155550100", "14155550121.0", "+44 (0)7700 900123", "+39 (0)6 12345678", "+1\u{A0}415\u{A0}555\u{A0}0231",
        "+54 9 343 555 1212", "+54 0343 15 555 1212", "+352 (0)621123456", "\u{200E}+49 151 12345678",
        "\u{FF0B}\u{FF11}\u{FF14}\u{FF11}\u{FF15}\u{FF15}\u{FF15}\u{FF15}\u{FF10}\u{FF11}\u{FF10}\u{FF10}",
        "1-800-FLOWERS", "+52 1 55 1234 5678", "+36 06 30 123 4567", "+7 8 916 123 45 67", "+290 1234",
        "+800 1234 5678", "+55 11 98765 4321", "tel:+1-415-555-0100;ext=5", "+86 139 1234 5678", "00441234567",
        "+225 07 12 34 56 78", "+91 98765 43210", "",
    ]
    fileprivate static let numberPieces: [[UInt8]] =
        bytes(of: [
            "0", "(0)", "+", "00", ".0", ".", "(", ")", "[0]", "-", " ", "x5", ";ext=", "#", ",", "/", "*", "e10", "15",
            "1", "9", "8", "06", "44", "49", "39", "\u{200D}", "\u{200E}", "\u{AD}", "\u{FEFF}", "\u{0}", "\u{A0}",
            "\u{3000}",
            "\u{2011}", "\u{2212}", "\u{660}", "\u{669}", "\u{FF10}", "\u{1D7CE}", "\u{B2}", "\u{2460}", "\u{20E3}",
            "\u{FE0F}", "\u{30FC}", "\u{FF08}0\u{FF09}",
        ]) + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0xBD], [0xE2, 0x82]]

    fileprivate static let times = [
        "2027-06-01T10:00:00Z", "2027-06-01T10:00:00.123456789012+02:00", "2016-12-31T23:59:60Z",
        "1990-12-31T15:59:60-08:00", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "2024-02-29t00:00:00z",
        "2027-06-01T10:00:00Z or later", "0001-01-01T00:00:00-23:59", "9999-12-31T23:59:60Z",
        "0000-01-01T00:00:00+00:01", "",
    ]
    fileprivate static let timePieces: [[UInt8]] = bytes(of: [
        "0", "9", "99", "60", "24", "29", "00", "T", "t", "Z", "z", "+", "-", ":", ".", "+00:00", "-00:00", "+23:59",
        "-23:59", "+24:00", "[UTC]", " ", "\u{FF11}", "\u{661}", "\u{2212}", "0000", "9999", "02-29", "12-31",
    ])

    fileprivate static let keywords = [
        "STOP", "Stop all", "STOP\nALL", "ARRÊT", "\u{130}PTAL", "\u{131}ptal", "SCHLU\u{1E9E}", "schlu\u{DF}",
        "\u{3A4}\u{3BF}\u{3C2}", "\u{FF33}\u{FF34}\u{FF2F}\u{FF30}", "\"S.T.O.P.\"", "STOP \u{1F468}\u{200D}\u{1F469}",
        "please stop by", String(repeating: "e\u{301}", count: 100), "\u{FDFA}\u{FDFA}\u{FDFA}", "",
    ]
    fileprivate static let keywordPieces: [[UInt8]] =
        bytes(of: [
            "\u{200D}", "\u{200E}", "\u{AD}", "\u{FEFF}", "\u{0}", "\u{307}", "\u{301}", "\u{345}", "\u{34F}",
            "\u{FFFD}",
            " ", "\u{A0}", "\u{2028}", "\u{3000}", ".", "-", "\u{1F44D}\u{1F3FD}", "\u{FE0F}", "\u{1E9E}", "\u{DF}",
            "\u{3C2}", "\u{130}", "\u{131}", "\u{FB01}", "\u{FDFA}", "\u{1100}", "\u{1161}", "\u{E0041}", "\u{B4}",
            "\u{17F}", "\u{212A}",
        ]) + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0xBD]]
}

// MARK: - The rounds

/// A reader, what it is fed with, and what must hold of what it reads.
private struct Fuzz<Value> {
    let name: String
    let seeds: [[UInt8]]
    let pieces: [[UInt8]]
    let read: ([UInt8]) -> Value
    /// What is wrong with what was read; nil when nothing is.
    let judge: ([UInt8], Value) -> String?

    init(
        name: String,
        seeds: [String],
        pieces: [[UInt8]],
        read: @escaping ([UInt8]) -> Value,
        judge: @escaping ([UInt8], Value) -> String?
    ) {
        self.name = name
        self.seeds = seeds.map { Array($0.utf8) }
        self.pieces = pieces
        self.read = read
        self.judge = judge
    }

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }
    private static var slowest: Duration { .milliseconds(50) }

    /// Runs all rounds; the first that goes wrong is the last.
    func run() {
        let seconds = Self.environment["SMS_BRIDGE_FUZZ_SECONDS"].flatMap { Int($0) }
        let named = Self.environment["SMS_BRIDGE_FUZZ_SEED"].flatMap { UInt64($0) }
        let first = named ?? (seconds == nil ? 12 : UInt64.random(in: 0 ... .max))
        if seconds != nil { print("\(name): the first seed is \(first)") }
        // What a reader loads once is not part of an input.
        _ = seeds.map { read($0) }
        let end = ContinuousClock.now + .seconds(seconds ?? 60)
        var longest = Duration.zero
        var rounds: UInt64 = 0
        while seconds == nil ? rounds < 2_000 : ContinuousClock.now < end {
            let seed = first &+ rounds
            rounds += 1
            let input = mutated(seed)
            let (value, duration) = timed(input)
            longest = max(longest, duration)
            if seconds != nil, duration > Self.slowest {
                Issue.record("\(name), seed \(seed): took \(duration); the input is \(input.hex)")
                return
            }
            if let complaint = judge(input, value) {
                Issue.record("\(name), seed \(seed): \(complaint); the input is \(input.hex)")
                return
            }
        }
        if seconds != nil { print("\(name): \(rounds) inputs, the longest call took \(longest)") }
    }

    /// Reads an input; one that took long is read again, for it may have been the machine.
    private func timed(_ input: [UInt8]) -> (Value, Duration) {
        let clock = ContinuousClock()
        var begin = clock.now
        let value = read(input)
        var duration = clock.now - begin
        var repeats = 3
        while duration > Self.slowest, repeats > 0 {
            begin = clock.now
            _ = read(input)
            duration = min(duration, clock.now - begin)
            repeats -= 1
        }
        return (value, duration)
    }

    /// The input of a seed: one of the reader's own, with up to five changes.
    private func mutated(_ seed: UInt64) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        var input = seeds.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 0...5, using: &random) { change(&input, &random) }
        return Array(input.prefix(8_192))
    }

    private func change(_ input: inout [UInt8], _ random: inout SplitMix64) {
        let place = Int.random(in: 0...input.count, using: &random)
        let end = min(input.count, place + Int.random(in: 0...8, using: &random))
        let piece = pieces.randomElement(using: &random) ?? []
        switch Int.random(in: 0..<8, using: &random) {
        case 0: input.insert(contentsOf: piece, at: place)
        case 1: input.replaceSubrange(place..<end, with: piece)
        case 2: input.removeSubrange(place..<end)
        case 3: input.insert(contentsOf: input[place..<end], at: place)
        case 4: if place < input.count { input[place] = UInt8.random(in: 0...255, using: &random) }
        case 5: if place < input.count { input[place] ^= 1 << UInt8.random(in: 0...7, using: &random) }
        case 6: input.removeSubrange(place...)
        default: input.append(contentsOf: (seeds.randomElement(using: &random) ?? []).dropFirst(place))
        }
    }
}

extension [Int] {
    /// Whether all elements are in another array, in this order.
    fileprivate func isSubsequence(of other: [Int]) -> Bool {
        var rest = other[...]
        for element in self {
            guard let index = rest.firstIndex(of: element) else { return false }
            rest = rest[(index + 1)...]
        }
        return true
    }
}

extension [UInt8] {
    /// As hexadecimal digits, of which a failure's message has a thousand at most.
    fileprivate var hex: String {
        prefix(500).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + (count > 500 ? "..." : "")
    }
}
