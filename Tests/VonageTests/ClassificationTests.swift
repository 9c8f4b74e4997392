import Contracts
import SMSCore
import Testing

@testable import Vonage

@Suite("What an answer means")
struct ClassificationTests {
    private static let document =
        #"{"type":"https://developer.vonage.com/api-errors/messages#1000","title":"Internal error"}"#

    private func classify(_ status: Int, _ body: String? = "", retryAfter: String? = nil) -> SubmitOutcome {
        SubmitOutcome(
            VonageResponse(status: status, requestID: "r", retryAfter: retryAfter, body: body.map { Array($0.utf8) })
        )
    }

    @Test("Any 2xx with a message_uuid is accepted", arguments: [200, 201, 202])
    func accepted(status: Int) {
        #expect(classify(status, #"{"message_uuid":"u-1","workflow_id":"w"}"#) == .accepted(messageUUID: "u-1"))
    }

    @Test(
        "A 2xx without a message_uuid is uncertain",
        arguments: ["", "{}", #"{"message_uuid":""}"#, #"{"message_uuid":7}"#, "<html>", nil]
    )
    func noUUID(body: String?) {
        #expect(
            classify(202, body) == .uncertain(reason: "no_message_uuid", ProviderProblem(status: 202, instance: "r"))
        )
    }

    @Test("Errors of the set-up", arguments: [301, 302, 307, 401, 402, 403, 404, 405])
    func trouble(status: Int) {
        #expect(classify(status) == .accountTrouble(ProviderProblem(status: status, instance: "r")))
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
        let answer = classify(429, "<html>slow</html>", retryAfter: header)
        #expect(answer == .throttled(retryAfter: .seconds(seconds)))
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
        let problem = ProviderProblem(
            status: 422,
            type: "t",
            title: "Invalid sender",
            detail: "The `from` parameter",
            instance: "i"
        )
        #expect(classify(422, body) == .refused(problem))
        let odd = classify(400, #"{"title":["no"],"detail":"d"}"#)
        #expect(odd == .refused(ProviderProblem(status: 400, detail: "d", instance: "r")))
    }

    @Test("What was not answered is distinguished by whether the body was written")
    func noAnswer() {
        #expect(SubmitOutcome(.notWritten(cause: "no route")) == .unavailable(reason: "not_written: no route", nil))
        #expect(SubmitOutcome(.noAnswer(cause: "closed")) == .uncertain(reason: "no_answer: closed", nil))
    }
}
