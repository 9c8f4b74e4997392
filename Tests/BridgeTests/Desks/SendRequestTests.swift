import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("A request to send")
struct SendRequestTests {
    private static let sender = Sender("14155550199")

    private func read(_ body: String, key: String? = nil, sender: Sender? = sender) -> SendRequest.Reading {
        SendRequest.read(Array(body.utf8), key: key, defaultSender: sender, now: Samples.moment)
    }

    private func request(_ body: String, key: String? = nil) throws -> SendRequest {
        guard case .valid(let request) = read(body, key: key) else {
            throw JSONProblem("not valid: \(read(body, key: key))")
        }
        return request
    }

    private func problems(_ body: String, key: String? = nil, sender: Sender? = sender) -> [Problem] {
        guard case .invalid(let problems) = read(body, key: key, sender: sender) else { return [] }
        return problems
    }

    @Test("becomes a command: the message is its text, unknown fields and nulls are left out")
    func translation() throws {
        let request = try request(
            #"""
            {"to": "+1 415 555 0100", "message": "Hi", "from": null, "client_ref": "mine", "metadata": {"k": "v"},
             "max_segments": 2, "smart_encoding": true, "provider": {"pool_id": "p"}, "on_uncertain": "fail",
             "encoding": "auto", "expires_at": "2026-02-01T00:00:00Z", "campaign_id": "c", "text": "no", "more": 1}
            """#
        )
        let expected =
            #"{"client_ref":"mine","encoding":"auto","expires_at":"2026-02-01T00:00:00Z","max_segments":2,"#
            + #""metadata":{"k":"v"},"on_uncertain":"fail","provider":{"pool_id":"p"},"smart_encoding":true,"text":"Hi","#
            + #""to":"+1 415 555 0100"}"#
        #expect(String(decoding: request.body, as: UTF8.self) == expected)
        #expect(request.facts.to == "+14155550100")
        #expect(request.facts.from == "+14155550199")
        #expect(request.facts.segments == 1)
    }

    @Test("has the same digest however it was written, and another one for another text")
    func digest() throws {
        let one = try request(#"{"to": "14155550100", "message": "Hi"}"#, key: "k")
        let same = try request(#"{ "message":"\u0048i", "to":"14155550100", "from": null }"#, key: "k")
        let other = try request(#"{"to": "14155550100", "message": "Ho"}"#, key: "k")
        #expect(one.digest == same.digest)
        #expect(one.digest != other.digest)
    }

    @Test("has the key as its id, else the body's id, else a random one")
    func ids() throws {
        let body = #"{"to": "14155550100", "message": "Hi", "id": "mine"}"#
        #expect(try request(body, key: "key").id.text == "key")
        #expect(try request(body).id.text == "mine")
        let bare = #"{"to": "14155550100", "message": "Hi"}"#
        let (one, other) = (try request(bare), try request(bare))
        #expect(one.id != other.id)
    }

    @Test("with a bad key is refused", arguments: ["", "c:1", "grün", String(repeating: "x", count: 101), "a\u{7}"])
    func badKeys(key: String) {
        let body = #"{"to": "14155550100", "message": "Hi"}"#
        #expect(problems(body, key: key).map(\.field) == ["Idempotency-Key"])
        #expect(problems("nonsense", key: key).map(\.field) == ["Idempotency-Key", "body"])
    }

    @Test("with a bad id of the body is refused", arguments: [#""c:1""#, "5", #""""#, "{}"])
    func badIDs(id: String) {
        #expect(problems(#"{"to": "14155550100", "message": "Hi", "id": \#(id)}"#).map(\.field) == ["id"])
    }

    @Test("reports everything that is wrong, under the request's own names")
    func everything() {
        let body = #"{"to": 5, "message": "", "from": "way too long a name", "max_segments": 0, "send_at": "later"}"#
        #expect(problems(body).map(\.field) == ["to", "message", "from", "send_at", "max_segments"])
        #expect(problems("{}", sender: nil).map(\.field) == ["to", "message", "from"])
        let long = String(repeating: "x", count: 200)
        #expect(
            problems(#"{"to": "14155550100", "message": "\#(long)", "max_segments": 1}"#).map(\.field) == ["message"]
        )
        #expect(problems(#"{"to": "14155550100", "message": "ű", "encoding": "text"}"#).map(\.field) == ["message"])
    }

    @Test(
        "that is not a JSON object is refused",
        arguments: ["", "no", "[]", "null", "5", #""x""#, "{", #"{"to": }"#, String(repeating: "[", count: 100_000)]
    )
    func noObject(body: String) {
        #expect(problems(body).map(\.field) == ["body"])
    }
}
