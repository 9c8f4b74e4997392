import Testing

@testable import Contracts

@Suite("A JSON object with a long array")
struct JSONListObjectTests {
    /// Bodies as a tree is made of them, and what cannot be read.
    private static let bodies = [
        #"{"a":1,"list":["x",{"to":"y","n":[1,{}]}, 3 ],"b":null} "#, #"{"list":[]}"#, #"{"list" : [ ] , "a":2}"#,
        #"{"list":[1],"list":1}"#, #"{"list":1,"list":[1]}"#, #"{"list":[1],"list":[1]}"#, #"{"a":1,"a":2}"#,
        #"{"list":"no array"}"#, #"{"list":null}"#, "{}", "", "  ", "{", "[", #"{"list":[1,]}"#, #"{"list":[1"#,
        #"{"list":[,1]}"#, #"{"list":[1 2]}"#, #"{"list":[1]}x"#, #"{"list":[{"a":1,"a":2}]}"#, #"{"list":[1],}"#,
        #"{"list":["\ud83d"]}"#, #"{"list":[01]}"#, #"{"list":[nul]}"#, #"{"list":["\#u{1}"]}"#, #"{list:[]}"#,
        #"{"list"[]}"#, "\u{FEFF}{\"list\":[-0,1e5]}", String(repeating: #"{"list":["#, count: 300),
        #"{"list":"# + String(repeating: "[", count: 600),
    ]

    @Test("is read as a tree of the whole would be, and refused for the same reasons", arguments: bodies)
    func same(body: String) {
        let bytes = Array(body.utf8)
        let tree = Result { () throws(JSONProblem) in try JSONValue(parsing: bytes) }
        let read = Result { () throws(JSONProblem) in try JSONListObject(parsing: bytes, list: "list") }
        switch (tree, read) {
        case (.failure(let expected), .failure(let problem)):
            #expect(problem == expected)
        case (.success(.object(var members)), .success(let object)):
            if case .array(let elements)? = members["list"] {
                members["list"] = nil
                var found: [JSONValue] = []
                object.list?.walk { index, element in
                    #expect(index == found.count)
                    found.append(element)
                    return true
                }
                #expect(found == elements)
                #expect(object.list?.count == elements.count)
            } else {
                #expect(object.list == nil)
            }
            #expect(object.members == members)
        default:
            Issue.record("\(tree) but \(read)")
        }
    }

    @Test("another value than an object is refused once it is read")
    func other() {
        for (body, problem) in [
            ("[1]", "the body is not a JSON object"), ("1", "the body is not a JSON object"),
            ("[1,]", #"the body is not JSON: "]" where a value should begin (byte 3)"#),
            ("[1] 2", #"the body is not JSON: "2" after the JSON text (byte 4)"#),
        ] {
            #expect(throws: JSONProblem(problem)) { try JSONListObject(parsing: Array(body.utf8), list: "list") }
        }
    }

    private func problem(_ body: String) -> String? {
        do throws(JSONProblem) {
            let limits = JSONListObject.Limits(members: 40, element: 20)
            _ = try JSONListObject(parsing: Array(body.utf8), list: "list", limits: limits)
            return nil
        } catch {
            return error.message
        }
    }

    @Test("neither an element nor all the other members together may be longer than their limits")
    func limits() {
        let much = String(repeating: "1,", count: 30)
        #expect(problem(#"{"list":[\#(much)"\#(String(repeating: "x", count: 18))"]}"#) == nil)
        for element in [
            #""\#(String(repeating: "x", count: 19))""#, #""\#(String(repeating: #"\n"#, count: 20))""#, "[\(much)1]",
            String(repeating: "1", count: 21), String(repeating: "[", count: 30), #"{"a":"\#(much)"}"#,
        ] {
            #expect(problem(#"{"list":[1,\#(element)]}"#) == "list[1] is longer than 20 bytes", "\(element)")
        }
        let members = "the body's fields besides list are longer than 40 bytes"
        for body in [
            #"{"a":[\#(much)1],"list":[1]}"#, #"{"list":[1],"\#(much)":1}"#, #"{"list":"\#(much)"}"#,
            #"{"a":"12345678901234567","list":[],"b":"12345678901234567"}"#,
        ] {
            #expect(problem(body) == members, "\(body)")
        }
        // What is wrong within the limit is named as ever.
        #expect(problem(#"{"list":[{"a":1,"a":2}]}"#) == "the body names a key twice (byte 16)")
        #expect(problem("[\(much)1]") == "the body is not a JSON object")
    }

    @Test("elements are handed out one at a time, as long as they are wanted")
    func oneAtATime() throws {
        let object = try JSONListObject(parsing: Array(#"{"list":[1,2,3]}"#.utf8), list: "list")
        var found: [JSONValue] = []
        object.list?.walk { _, element in
            found.append(element)
            return found.count < 2
        }
        #expect(found == [.integer(1), .integer(2)])
    }
}
