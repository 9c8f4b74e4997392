import Testing

@testable import Vonage

@Suite("What an answer means")
struct VonageAnswerTests {
    private static let document =
        #"{"type":"https://developer.vonage.com/api-errors/messages#1000","title":"Internal error"}"#

    private func classify(_ status: Int, _ body: String? = "", retryAfter: String? = nil) -> VonageAnswer {
        VonageAnswer(
            VonageResponse(status: status, requestID: "r", retryAfter: retryAfter, body: body.map { Array($0.utf8) })
        )
    }

    @Test("Any 2xx with a message_uuid is accepted", arguments: [200, 201, 202])
    func accepted(status: Int) {
        #expect(
            classify(status, #"{"message_uuid":"u-1","workflow_id":"w"}"#)
                == .accepted(messageUUID: "u-1", VonageTrace(status: status, requestID: "r"))
        )
    }

    @Test(
        "A 2xx without a message_uuid is uncertain",
        arguments: ["", "{}", #"{"message_uuid":""}"#, #"{"message_uuid":7}"#, "<html>", nil]
    )
    func noUUID(body: String?) {
        guard case .uncertain(.noMessageUUID, _) = classify(202, body) else {
            Issue.record("not uncertain")
            return
        }
    }

    @Test("The set-up's trouble", arguments: [301, 302, 307, 401, 402, 403, 404, 405])
    func trouble(status: Int) {
        #expect(classify(status).label == "account_trouble")
        #expect(classify(status).status == status)
        #expect(classify(status).requestID == "r")
    }

    @Test("Other 4xx are refused", arguments: [400, 406, 409, 410, 413, 415, 422, 451, 499])
    func refused(status: Int) {
        #expect(classify(status, "<html>no</html>").label == "refused")
    }

    @Test("Uncertain: 408, and any 5xx that says nothing about the message", arguments: [408, 501, 502, 504, 520, 599])
    func uncertain(status: Int) {
        #expect(classify(status, Self.document).label == "uncertain")
    }

    @Test("A 500 was not taken only with the provider's problem document")
    func internalError() {
        #expect(classify(500, Self.document).label == "unavailable")
        for body in ["", "<html>", "{}", #"{"title":"x"}"#, "[]"] { #expect(classify(500, body).label == "uncertain") }
        #expect(classify(500, nil).label == "uncertain")
        #expect(classify(503, "").label == "unavailable")
    }

    @Test(
        "How long a 429 asks to wait",
        arguments: [
            (nil, 1), ("", 1), ("0", 1), ("-5", 1), ("2", 2), (" 7", 7), ("60", 60), ("61", 60), ("1.5", 1),
            ("99999999999999999999", 60), ("Wed, 21 Oct 2026 07:28:00 GMT", 1),
        ] as [(String?, Int)]
    )
    func pause(header: String?, seconds: Int) {
        guard case .throttled(let pause, let problem) = classify(429, "<html>slow</html>", retryAfter: header) else {
            Issue.record("not throttled")
            return
        }
        #expect(pause == .seconds(seconds))
        #expect(problem.status == 429)
    }

    @Test("The number in type decides nothing: it means other things elsewhere")
    func typeIsIgnored() {
        let body = #"{"type":"https://developer.vonage.com/api-errors/messages#1000","title":"Throttled"}"#
        #expect(classify(422, body).label == "refused")
    }

    @Test("A problem document is read as far as it is one")
    func problem() {
        let body = """
            {"type":"t","title":"Invalid sender","detail":"The `from` parameter","instance":"i",\
            "invalid_parameters":[{"name":"from","reason":"bad"}],"extra":1}
            """
        guard case .refused(let problem) = classify(422, body) else {
            Issue.record("not refused")
            return
        }
        #expect(problem.title == "Invalid sender")
        #expect(problem.instance == "i")
        #expect(problem.invalidParameters.map(\.name) == ["from"])
        #expect(problem.isDocumented)
        #expect(problem.description == "status 422, Invalid sender, instance i, request r")
        let odd = VonageProblem(status: 400, requestID: nil, body: Array(#"{"title":["no"],"detail":"d"}"#.utf8))
        #expect(odd.title == nil && odd.detail == "d" && !odd.isDocumented)
    }
}
