/// Reads JSON text, byte by byte, with nothing tolerated that RFC 8259 does not have.
struct JSONParser {
    /// What becomes of what the grammar allows and has no clear meaning: half a surrogate pair, a key that comes twice;
    /// and of strings that are not UTF-8.
    enum Oddities {
        case refused
        case repaired
    }

    /// Levels of arrays and objects; far more than any body of the contract has, and few enough for every thread's
    /// stack.
    private static let depthLimit = 512

    let bytes: [UInt8]
    private let oddities: Oddities
    private(set) var index: Int
    /// Where it stops reading: the end of the bytes, or before it while something may be only so long.
    private var end: Int

    /// Reads a whole body.
    static func read(_ bytes: [UInt8], _ oddities: Oddities) throws(JSONProblem) -> JSONValue {
        var parser = try JSONParser(bytes, oddities)
        let value = try parser.value(depth: 0)
        parser.skipBlanks()
        guard parser.index == bytes.count else { throw parser.unexpected("after the JSON text") }
        return value
    }

    /// Goes on in the middle of a body that has been read before.
    init(_ bytes: [UInt8], at index: Int) {
        self.bytes = bytes
        self.index = index
        oddities = .refused
        end = bytes.count
    }

    init(_ bytes: [UInt8], _ oddities: Oddities) throws(JSONProblem) {
        self.bytes = bytes
        self.oddities = oddities
        end = bytes.count
        index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        if bytes.count >= 2,
            bytes[0] == 0 || bytes[1] == 0 || bytes.starts(with: [0xFF, 0xFE])
                || bytes.starts(with: [0xFE, 0xFF])
        {
            throw JSONProblem("the body is not UTF-8: it looks like UTF-16 or UTF-32")
        }
    }

    // MARK: - Values

    mutating func value(depth: Int) throws(JSONProblem) -> JSONValue {
        skipBlanks()
        guard let byte = peek else { throw ended }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw unexpected("where a value should begin")
        }
    }

    private mutating func object(depth: Int) throws(JSONProblem) -> JSONValue {
        try enter(depth)
        var members: [String: JSONValue] = [:]
        if try closes(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            let (key, place) = try key()
            let value = try value(depth: depth + 1)
            if members.updateValue(value, forKey: key) != nil, oddities == .refused { throw Self.twice(place) }
        } while try continues(until: UInt8(ascii: "}"))
        return .object(members)
    }

    /// A key and the colon behind it, and where the key begins.
    mutating func key() throws(JSONProblem) -> (key: String, place: Int) {
        skipBlanks()
        guard peek == UInt8(ascii: "\"") else { throw peek == nil ? ended : unexpected("where a key should begin") }
        let place = index
        let key = try string()
        skipBlanks()
        guard peek == UInt8(ascii: ":") else { throw peek == nil ? ended : unexpected("where a colon should be") }
        index += 1
        return (key, place)
    }

    static func twice(_ place: Int) -> JSONProblem { JSONProblem("the body names a key twice (byte \(place))") }

    private mutating func array(depth: Int) throws(JSONProblem) -> JSONValue {
        try enter(depth)
        var values: [JSONValue] = []
        if try closes(UInt8(ascii: "]")) { return .array(values) }
        repeat { values.append(try value(depth: depth + 1)) } while try continues(until: UInt8(ascii: "]"))
        return .array(values)
    }

    mutating func enter(_ depth: Int) throws(JSONProblem) {
        guard depth < Self.depthLimit else {
            throw JSONProblem("the body is nested more than \(Self.depthLimit) levels deep")
        }
        index += 1
    }

    /// Whether an array or object is empty.
    mutating func closes(_ bracket: UInt8) throws(JSONProblem) -> Bool {
        skipBlanks()
        guard let byte = peek else { throw ended }
        guard byte == bracket else { return false }
        index += 1
        return true
    }

    /// Whether another element follows, behind a comma.
    mutating func continues(until bracket: UInt8) throws(JSONProblem) -> Bool {
        skipBlanks()
        guard let byte = peek else { throw ended }
        guard byte == bracket || byte == UInt8(ascii: ",") else { throw unexpected("where a comma should be") }
        index += 1
        return byte != bracket
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONProblem) -> JSONValue {
        for expected in word.description.utf8 {
            guard let byte = peek else { throw ended }
            guard byte == expected else { throw unexpected("where a value should be") }
            index += 1
        }
        return value
    }

    private mutating func number() throws(JSONProblem) -> JSONValue {
        let start = index
        var isPlain = true
        if peek == UInt8(ascii: "-") { index += 1 }
        if peek == UInt8(ascii: "0") { index += 1 } else { try digits() }
        if peek == UInt8(ascii: ".") {
            isPlain = false
            index += 1
            try digits()
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            isPlain = false
            index += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { index += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        // -0 is a number of its own, which an integer cannot hold apart from 0.
        if isPlain, text != "-0", let integer = Int64(text) { return .integer(integer) }
        return .number(JSONNumber(literal: text))
    }

    private mutating func digits() throws(JSONProblem) {
        let start = index
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        if index == start { throw peek == nil ? ended : unexpected("where a digit should be") }
    }

    // MARK: - Strings

    private mutating func string() throws(JSONProblem) -> String {
        index += 1
        let start = index
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                defer { index += 1 }
                return try text(bytes[start..<index], at: start)
            case UInt8(ascii: "\\"):
                return try escaped(from: start)
            case 0..<0x20:
                throw JSONProblem("the body is not JSON: a control character in a string (byte \(index))")
            default:
                index += 1
            }
        }
        throw ended
    }

    /// The rest of a string in which something is escaped.
    private mutating func escaped(from start: Int) throws(JSONProblem) -> String {
        var unescaped = Array(bytes[start..<index])
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return try text(unescaped[...], at: start)
            case UInt8(ascii: "\\"):
                unescaped += try escape()
            case 0..<0x20:
                throw JSONProblem("the body is not JSON: a control character in a string (byte \(index))")
            default:
                unescaped.append(byte)
                index += 1
            }
        }
        throw ended
    }

    /// What an escape stands for, in UTF-8.
    private mutating func escape() throws(JSONProblem) -> [UInt8] {
        let place = index
        index += 1
        guard let byte = peek else { throw ended }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"): break
        default:
            index -= 1
            throw unexpected("behind a backslash")
        }
        let unit = try hexadecimal()
        if let scalar = Unicode.Scalar(unit) { return Array(String(Character(scalar)).utf8) }
        if unit < 0xDC00, bytes[index...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
            let behindFirst = index
            index += 2
            let second = try hexadecimal()
            if (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00))
            {
                return Array(String(Character(scalar)).utf8)
            }
            index = behindFirst
        }
        guard oddities == .repaired else {
            let name = String(unit, radix: 16)
            throw JSONProblem(
                "the body is not JSON: half a surrogate pair, \\u\(name), which is not a character (byte \(place))"
            )
        }
        return [0xEF, 0xBF, 0xBD]
    }

    private mutating func hexadecimal() throws(JSONProblem) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek else { throw ended }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw unexpected("where a hexadecimal digit should be")
            }
            unit = unit << 4 | UInt32(digit)
            index += 1
        }
        return unit
    }

    private func text(_ utf8: ArraySlice<UInt8>, at start: Int) throws(JSONProblem) -> String {
        if let text = String(validating: utf8, as: UTF8.self) { return text }
        guard oddities == .repaired else {
            throw JSONProblem("the body is not valid UTF-8 (a string at byte \(start))")
        }
        return String(decoding: utf8, as: UTF8.self)
    }

    // MARK: - Bytes

    var peek: UInt8? { index < end ? bytes[index] : nil }

    /// Reads something that may be only so long; what is longer is not read any further.
    ///
    /// - Parameters:
    ///   - limit: how many bytes.
    ///   - tooLong: what is wrong with what is longer.
    ///   - read: reads it.
    /// - Returns: what was read.
    /// - Throws: what reading it throws, or what is wrong with something longer.
    mutating func bounded<Value>(
        to limit: Int,
        _ tooLong: @autoclosure () -> JSONProblem,
        _ read: (inout JSONParser) throws(JSONProblem) -> Value
    ) throws(JSONProblem) -> Value {
        guard limit < end - index else { return try read(&self) }
        let outer = end
        end = index + limit + 1
        defer { end = outer }
        do throws(JSONProblem) {
            let value = try read(&self)
            if index < end { return value }
        } catch {
            if index < end { throw error }
        }
        throw tooLong()
    }

    mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private var ended: JSONProblem {
        JSONProblem("the body is not JSON: it ends too early (after \(bytes.count) bytes)")
    }

    func unexpected(_ place: String) -> JSONProblem {
        guard let byte = peek else { return ended }
        let what: String
        switch byte {
        case 0x21...0x7E: what = "\"\(Unicode.Scalar(byte))\""
        case 0x80...:
            if String(validating: bytes, as: UTF8.self) == nil {
                return JSONProblem("the body is not valid UTF-8 (at or behind byte \(index))")
            }
            what = "a character outside ASCII"
        default: what = "U+00" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        return JSONProblem("the body is not JSON: \(what) \(place) (byte \(index))")
    }
}
