/// A JSON object of which one member is an array that may be very long.
///
/// That array is checked against the grammar and stays in the bytes; its elements are read one at a time. So a body
/// takes its own bytes and little more, whatever is in it, while a tree of it can take forty times as much.
package struct JSONListObject: Sendable {
    /// How long parts of a body may be, in bytes.
    package struct Limits: Sendable {
        /// Of all members together, without the elements of the array.
        package var members: Int
        /// Of one element of the array.
        package var element: Int

        /// Limits; without any, the body's own length is the only one.
        package init(members: Int = .max, element: Int = .max) {
            self.members = members
            self.element = element
        }
    }

    /// All members but the array; where the member of its name is something else, that too.
    package var members: [String: JSONValue]
    /// The array; nil where there is none.
    package let list: JSONList?

    /// An object that has been read.
    package init(members: [String: JSONValue], list: JSONList?) {
        self.members = members
        self.list = list
    }

    /// Reads a body as strictly as `JSONValue(parsing:)` does, and with the same problems.
    ///
    /// - Parameters:
    ///   - bytes: the body.
    ///   - name: the name of the member that may be a long array.
    ///   - limits: how long parts of the body may be.
    /// - Throws: `JSONProblem` when the bytes are not JSON or not an object, and when a part is longer than its limit.
    package init(parsing bytes: [UInt8], list name: String, limits: Limits = Limits()) throws(JSONProblem) {
        self = try JSONParser.readListObject(bytes, list: name, limits)
    }
}

/// An array in a body of JSON that was checked against the grammar.
package struct JSONList: Sendable {
    /// How many elements it has.
    package let count: Int
    private let bytes: [UInt8]
    private let start: Int

    /// An array in a body.
    ///
    /// - Parameters:
    ///   - bytes: the whole body.
    ///   - start: where the first element begins, behind the bracket.
    ///   - count: how many elements it has.
    fileprivate init(_ bytes: [UInt8], from start: Int, count: Int) {
        self.bytes = bytes
        self.start = start
        self.count = count
    }

    /// Hands out one element after the other, as long as the body wants more; of each nothing is kept.
    package func walk(_ body: (_ index: Int, _ element: JSONValue) -> Bool) {
        var parser = JSONParser(bytes, at: start)
        for index in 0..<count {
            // What was read once can be read again.
            guard let element = try? parser.value(depth: 2), body(index, element) else { return }
            _ = try? parser.continues(until: UInt8(ascii: "]"))
        }
    }
}

extension JSONParser {
    fileprivate static func readListObject(
        _ bytes: [UInt8],
        list name: String,
        _ limits: JSONListObject.Limits
    ) throws(JSONProblem) -> JSONListObject {
        var parser = try JSONParser(bytes, .refused)
        parser.skipBlanks()
        let isObject = parser.peek == UInt8(ascii: "{")
        let noObject = JSONProblem("the body is not a JSON object")
        let object =
            isObject
            ? try parser.listObject(name, limits)
            : try parser.bounded(to: limits.members, noObject) { parser throws(JSONProblem) in
                _ = try parser.value(depth: 0)
                return JSONListObject(members: [:], list: nil)
            }
        parser.skipBlanks()
        guard parser.index == bytes.count else { throw parser.unexpected("after the JSON text") }
        guard isObject else { throw noObject }
        return object
    }

    private mutating func listObject(
        _ name: String,
        _ limits: JSONListObject.Limits
    ) throws(JSONProblem) -> JSONListObject {
        var members: [String: JSONValue] = [:]
        var list: JSONList?
        var left = limits.members
        try enter(0)
        if try closes(UInt8(ascii: "}")) { return JSONListObject(members: members, list: nil) }
        repeat {
            skipBlanks()
            let start = index
            let tooLong = JSONProblem("the body's fields besides \(name) are longer than \(limits.members) bytes")
            let (key, place, value) = try bounded(to: left, tooLong) {
                parser throws(JSONProblem) -> (String, Int, JSONValue?) in
                let (key, place) = try parser.key()
                parser.skipBlanks()
                let isList = key == name && parser.peek == UInt8(ascii: "[")
                return (key, place, isList ? nil : try parser.value(depth: 1))
            }
            left -= min(left, index - start)
            let isTwice = members[key] != nil || key == name && list != nil
            if let value { members[key] = value } else { list = try self.list(name, limits.element) }
            if isTwice { throw Self.twice(place) }
        } while try continues(until: UInt8(ascii: "}"))
        return JSONListObject(members: members, list: list)
    }

    /// Goes through an array, element by element.
    private mutating func list(_ name: String, _ limit: Int) throws(JSONProblem) -> JSONList {
        try enter(1)
        let start = index
        var count = 0
        if try closes(UInt8(ascii: "]")) { return JSONList(bytes, from: start, count: 0) }
        repeat {
            skipBlanks()
            try bounded(to: limit, JSONProblem("\(name)[\(count)] is longer than \(limit) bytes")) {
                parser throws(JSONProblem) in _ = try parser.value(depth: 2)
            }
            count += 1
        } while try continues(until: UInt8(ascii: "]"))
        return JSONList(bytes, from: start, count: count)
    }
}
