import Testing

@testable import VonageSimulator

@Suite("Faults: the first rule that fits, with times left, wins")
struct FaultBookTests {
    private func book(_ rules: [FaultRule]) -> FaultBook {
        var book = FaultBook()
        book.replace(rules)
        return book
    }

    @Test("Times are counted down, then the next rule has its turn")
    func times() {
        var book = book([FaultRule(.hang, times: 1), FaultRule(.slow, times: 1)])
        #expect(book.pick(to: "44", mayAccept: true) { 0 }?.fault == .hang)
        #expect(book.pick(to: "44", mayAccept: true) { 0 }?.fault == .slow)
        #expect(book.pick(to: "44", mayAccept: true) { 0 } == nil)
        #expect(book.rules.map(\.times) == [0, 0])
    }

    @Test("A prefix chooses recipients")
    func prefix() {
        var book = book([FaultRule(.hang, to: "4477")])
        #expect(book.pick(to: "447700900001", mayAccept: true) { 0 }?.fault == .hang)
        #expect(book.pick(to: "1415", mayAccept: true) { 0 } == nil)
        #expect(book.pick(to: nil, mayAccept: true) { 0 } == nil)
    }

    @Test("A rate strikes by chance, and a miss leaves the turn to the next rule")
    func rate() {
        var book = book([FaultRule(.hang, rate: 0.25, times: 5), FaultRule(.slow)])
        #expect(book.pick(to: "44", mayAccept: true) { 0.24 }?.fault == .hang)
        #expect(book.pick(to: "44", mayAccept: true) { 0.25 }?.fault == .slow)
        #expect(book.rules[0].times == 4)
        book.replace([FaultRule(.hang, rate: 1), FaultRule(.slow, rate: 0)])
        #expect(book.pick(to: "44", mayAccept: true) { 0.999 }?.fault == .hang)
    }

    @Test("What would be refused anyway uses up no rule about what follows acceptance")
    func refused() {
        var book = book([FaultRule(.noReceipt, times: 1), FaultRule(.status, times: 1, status: "503")])
        #expect(book.pick(to: "44", mayAccept: false) { 0 }?.fault == .status)
        #expect(book.rules.map(\.times) == [1, 0])
    }

    @Test("Wrong rules are named")
    func problems() {
        #expect(FaultRule(.status).problems.count == 1)
        #expect(FaultRule(.status, status: "99").problems.count == 1)
        #expect(FaultRule(.status, status: "503").problems.isEmpty)
        #expect(FaultRule(.slow, rate: 1.5, times: -1, latencyMS: -1).problems.count == 3)
    }
}

@Suite("The rate limit")
struct TokenBucketTests {
    @Test("A second's worth at once, then as it fills")
    func filling() {
        let start = ContinuousClock.now
        var bucket = TokenBucket(SimulatorRateLimit(requests: 2), now: start)
        #expect(bucket.take(now: start) == nil)
        #expect(bucket.take(now: start) == nil)
        #expect(bucket.take(now: start) == .milliseconds(500))
        #expect(bucket.take(now: start + .milliseconds(500)) == nil)
        #expect(bucket.take(now: start + .milliseconds(600)) != nil)
        #expect(bucket.take(now: start + .seconds(60)) == nil)
        #expect(bucket.take(now: start + .seconds(60)) == nil)
        #expect(bucket.take(now: start + .seconds(60)) != nil)
    }
}

@Suite("Which receipts follow")
struct ReceiptPlanTests {
    @Test(
        "By fault",
        arguments: [
            (nil, ["submitted", "delivered"]), (.noReceipt, []), (.reorderedReceipts, ["delivered", "submitted"]),
            (.failReceipt, ["submitted", "rejected"]), (.duplicateReceipts, ["submitted", "delivered"]),
            (.dropAfter, ["submitted", "delivered"]), (.hangAfter, ["submitted", "delivered"]),
        ] as [(FaultRule.Fault?, [String])]
    )
    func steps(fault: FaultRule.Fault?, statuses: [String]) {
        let plan = ReceiptPlan(fault.map { FaultRule($0) })
        #expect(plan.steps.map(\.status) == statuses)
        #expect(plan.copies == (fault == .duplicateReceipts ? 2 : 1))
    }

    @Test("Details come from the rule")
    func details() {
        let failed = ReceiptPlan(FaultRule(.failReceipt, status: "undeliverable", error: 1_240))
        #expect(failed.steps.last == .init(status: "undeliverable", error: 1_240, age: 15))
        #expect(ReceiptPlan(FaultRule(.lateReceipt, delayMS: 70)).delay == .milliseconds(70))
        #expect(ReceiptPlan(FaultRule(.unsignedReceipt)).firstAttemptIsUnsigned)
    }
}

@Suite("The body of a request to send, as Vonage checks it")
struct SendRequestTests {
    private func problem(_ body: String) -> SimulatorProblem? {
        switch SendRequest.check(Array(body.utf8)) {
        case .success: nil
        case .failure(let refusal): refusal.problem
        }
    }

    private func body(_ change: [String: String?] = [:]) -> String {
        var fields: [String: String] = [
            "message_type": #""text""#, "channel": #""sms""#, "to": #""447700900001""#, "from": #""Acme""#,
            "text": #""hi""#,
        ]
        for (name, value) in change { fields[name] = value }
        return "{" + fields.map { #""\#($0)":\#($1)"# }.joined(separator: ",") + "}"
    }

    @Test("A good one")
    func good() throws {
        let full = body([
            "client_ref": #""r""#, "ttl": "600", "trusted_recipient": "true", "webhook_version": #""v1""#,
            "unknown": "[1]",
            "sms": #"{"encoding_type":"auto","entity_id":"e","content_id":"c","pool_id":"p"}"#,
        ])
        let request = try SendRequest.check(Array(full.utf8)).get()
        #expect(request.to == "447700900001" && request.from == "Acme" && request.clientRef == "r")
        for from in ["14155550100", "12345", "My Shop 1"] { #expect(problem(body(["from": "\"\(from)\""])) == nil) }
        #expect(problem(body(["text": "\"\(String(repeating: "é", count: 3_200))\""])) == nil)
    }

    @Test(
        "What is refused, and as what",
        arguments: [
            ("channel", #""fax""#, 1_100), ("channel", nil, 1_100), ("message_type", #""image""#, 1_140),
            ("to", nil, 110),
            ("to", #""+447700900001""#, 110), ("to", #""00447700900""#, 110), ("to", #""123456""#, 110),
            ("to", "447700900001", 110),
            ("to", #""1234567890123456""#, 110), ("from", nil, 1_120), ("from", #""""#, 1_120),
            ("from", #""+14155550100""#, 1_120),
            ("from", #""TwelveLetter""#, 1_120), ("from", #""Ümlaut""#, 1_120), ("text", #""""#, 1_150),
            ("text", nil, 1_150),
            ("text", "\"\(String(repeating: "x", count: 3_201))\"", 1_150), ("ttl", "19", 1_150),
            ("ttl", "604801", 1_150),
            ("ttl", #""600""#, 1_150), ("client_ref", "\"\(String(repeating: "x", count: 101))\"", 1_060),
            ("sms", #"{"encoding_type":"utf7"}"#, 1_110), ("sms", #"{"pool_id":7}"#, 1_150),
            ("trusted_recipient", #""yes""#, 1_150),
            ("webhook_version", #""v2""#, 1_150),
        ] as [(String, String?, Int)]
    )
    func refused(name: String, value: String?, number: Int) {
        let problem = problem(body([name: value]))
        #expect(problem?.status == 422)
        #expect(problem?.type.hasSuffix("#\(number)") == true)
    }

    @Test("What is no JSON object", arguments: ["", "x", "[]", "{", "null"])
    func noJSON(text: String) {
        #expect(problem(text) == .invalidJSON)
        #expect(SendRequest.recipient(in: Array(text.utf8)) == nil)
    }
}
