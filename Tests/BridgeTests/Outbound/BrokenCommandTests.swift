import Bridge
import Contracts
import SMSCore
import TestSupport
import Testing

@Suite("A broken command", .timeLimit(.minutes(3)))
struct BrokenCommandTests {
    @Test("is published as invalid with every problem and what was valid, and dead-lettered unchanged")
    func invalid() async throws {
        let bench = Bench()
        let body = #"{"to": 5, "text": "", "client_ref": "mine"}"#
        try await bench.flow.handle(bench.delivery(body))
        #expect(await bench.sender.sent.isEmpty)
        #expect(bench.publisher.routes == ["/sms.dead", "sms.outbound/invalid"])
        #expect(bench.publisher.published.first?.body == Array(body.utf8))
        let data = try #require(bench.publisher.events().first?.data)
        #expect(data.error?.problems?.map(\.field) == ["to", "text"])
        #expect(data.clientRef == "mine")
        #expect(data.to == nil)
        #expect(data.attempts == 0)
    }

    @Test(
        "that is not a JSON object and has no message_id is dead-lettered without an event",
        arguments: ["", "[1]", "nope", "{\"to\":"]
    )
    func unidentified(body: String) async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(body, id: nil))
        #expect(bench.publisher.routes == ["/sms.dead"])
        #expect(bench.publisher.published.first?.properties.headers["sms-error-code"] == .string("invalid"))
        #expect(bench.log.all == ["ack after /sms.dead"])
    }

    @Test("that is not a JSON object has an outcome when message_id names it")
    func named() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery("nope", id: "m-1"))
        #expect(bench.publisher.routes == ["/sms.dead", "sms.outbound/invalid"])
        #expect(try bench.publisher.events().first?.data.commandID == "m-1")
    }

    @Test("that is not UTF-8 is reported so")
    func notUTF8() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery([0x7B, 0xFF, 0x7D], "m-1"))
        #expect(
            try bench.publisher.events().first?.data.error?.problems
                == [Problem("body", "the body is not valid UTF-8 (at or behind byte 1)")]
        )
    }

    @Test("with an id that is not valid is dead-lettered without an event", arguments: ["naïve", "", "\u{7}"])
    func badID(id: String) async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(id: id))
        try await bench.flow.handle(bench.delivery(#"{"to": "14155550100", "text": "x", "id": 5}"#, id: nil))
        #expect(bench.publisher.routes == ["/sms.dead", "/sms.dead"])
        #expect(await bench.sender.sent.isEmpty)
    }

    @Test("of 257 KiB is published as invalid with the id in its body; one of 1.1 MB is not read at all")
    func large() async throws {
        let bench = Bench()
        let filler = String(repeating: "x", count: 257 * 1024)
        try await bench.flow.handle(
            bench.delivery(#"{"id": "big", "to": "14155550100", "text": "x", "other": "\#(filler)"}"#, id: nil)
        )
        #expect(try bench.publisher.events().first?.data.commandID == "big")
        #expect(try bench.publisher.events().first?.data.error?.problems?.map(\.field) == ["body"])
        try await bench.flow.handle(bench.delivery(String(repeating: " ", count: 1_100_000), id: nil))
        #expect(bench.publisher.routes.last == "/sms.dead")
    }

    @Test("without any id gets one that its redelivery takes over; two separate publishes are two messages")
    func anonymous() async throws {
        let bench = Bench()
        try await bench.flow.handle(bench.delivery(id: nil))
        try await bench.flow.handle(bench.delivery(id: nil))
        #expect(await bench.sender.sent.count == 2)
        #expect(Set(await bench.sender.sent.map(\.reference)).count == 2)
    }
}
