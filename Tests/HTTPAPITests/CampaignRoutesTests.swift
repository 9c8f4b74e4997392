import AsyncHTTPClient
import Bridge
import Contracts
import NIOCore
import NIOHTTP1
import SMSCore
import Testing

@testable import HTTPAPI

@Suite("Campaigns over HTTP", .timeLimit(.minutes(3)))
struct CampaignRoutesTests {
    private static let body = #"{"recipients": ["+14155550100"], "message": "Hello"}"#
    private static let id = FakeSendAPI.id("id-1")

    private func post(
        _ api: FakeCampaignAPI,
        headers: [(String, String)] = [],
        body: HTTPClientRequest.Body = .bytes(ByteBuffer(string: body)),
        limits: HTTPLimits = HTTPLimits()
    ) async throws -> TestServer.Answer {
        var answer: TestServer.Answer?
        try await TestServer.with(api: FakeSendAPI(), campaigns: api, limits: limits) { server in
            answer = try await server.request("/send-campaign", headers: headers, body: body)
        }
        return try #require(answer)
    }

    @Test("answers 200 when all were taken, and 207 when some were not, with a result for each")
    func results() async throws {
        let good = CampaignResult(to: "+14155550100", messageUUID: "u-1", error: nil)
        let bad = CampaignResult(to: "x", messageUUID: nil, error: "no number")
        let all = try await post(FakeCampaignAPI(.over(Self.id, [good])))
        #expect(all.status == .ok)
        #expect(all.headers.first(name: "location") == "/campaigns/id-1")
        #expect(
            all.body == #"{"id":"id-1","results":[{"message_uuid":"u-1","success":true,"to":"+14155550100"}],"#
                + #""status":"Campaign processing attempted"}"#
        )
        let some = try await post(FakeCampaignAPI(.over(Self.id, [good, bad])))
        #expect(some.status == .multiStatus)
        #expect(some.body.contains(#"{"error":"no number","success":false,"to":"x"}"#))
    }

    @Test("hands the key and the wait on, and answers 202 with an address")
    func pending() async throws {
        let api = FakeCampaignAPI()
        let answer = try await post(api, headers: [("Idempotency-Key", "k"), ("Prefer", "wait=7")])
        #expect(answer.status == .accepted)
        #expect(answer.headers.first(name: "location") == "/campaigns/id-1")
        #expect(answer.headers.first(name: "preference-applied") == "wait=7")
        #expect(api.orders == [SendOrder(body: Array(Self.body.utf8), key: "k")])
        #expect(api.waits == [.seconds(7)])
        #expect(try await post(api, headers: [("Idempotency-Key", "\"k")]).status == .badRequest)
        _ = try await post(api, headers: [("Idempotency-Key", "\"quoted\"")])
        #expect(api.orders.last?.key == "quoted")
        let hurried = FakeCampaignAPI()
        _ = try await post(hurried, headers: [("Prefer", "respond-async")])
        #expect(hurried.waits == [])
    }

    @Test("names every problem, a reused key, and a broker that did not confirm")
    func problems() async throws {
        let problems = ProblemList((0..<120).map { Problem("recipients[\($0)]", "has no to") })
        let invalid = try await post(FakeCampaignAPI(.invalid(problems)))
        #expect(invalid.status == .badRequest)
        #expect(invalid.body.contains("recipients[99]"))
        #expect(invalid.body.contains("Of 120 problems"))
        #expect(try await post(FakeCampaignAPI(.keyReused(Self.id))).status == .unprocessableEntity)
        let lost = try await post(FakeCampaignAPI(.notTaken(Self.id)))
        #expect(lost.status == .serviceUnavailable)
        #expect(lost.headers.first(name: "retry-after") == "5")
        #expect(lost.body.contains(#""id":"id-1""#))
        var limits = HTTPLimits()
        limits.campaignBodyBytes = 10
        #expect(try await post(FakeCampaignAPI(), limits: limits).status == .payloadTooLarge)
    }

    @Test("reads two large bodies at a time, announced or not; a third is asked to come again, small ones are not")
    func largeBodies() async throws {
        let gate = Gate()
        let api = FakeCampaignAPI(work: { await gate.pass() })
        var limits = HTTPLimits()
        limits.campaignPatience = .milliseconds(100)
        let large = ByteBuffer(repeating: UInt8(ascii: " "), count: 2 << 20)
        try await TestServer.with(api: FakeSendAPI(), campaigns: api, limits: limits) { server async throws in
            let unannounced = AsyncStream { stream in
                stream.yield(large)
                stream.finish()
            }
            let bodies: [HTTPClientRequest.Body] = [.bytes(large), .stream(unannounced, length: .unknown)]
            try await withThrowingTaskGroup(of: HTTPResponseStatus.self) { group in
                for body in bodies {
                    group.addTask { try await server.request("/send-campaign", body: body).status }
                    await gate.arrival()
                }
                let third = try await server.request("/send-campaign", body: .bytes(large))
                #expect(third.status == .serviceUnavailable)
                #expect(third.headers.first(name: "retry-after") == "5")
                #expect(api.orders.count == 2)
                let small = HTTPClientRequest.Body.bytes(ByteBuffer(string: "{}"))
                group.addTask { try await server.request("/send-campaign", body: small).status }
                await gate.arrival()
                gate.open()
                for try await status in group { #expect(status == .accepted) }
            }
            #expect(try await server.request("/send-campaign", body: .bytes(large)).status == .accepted)
        }
    }

    @Test("pauses, resumes and calls back what can be, and says so where nothing can")
    func changes() async throws {
        let api = FakeCampaignAPI()
        try await TestServer.with(api: FakeSendAPI(), campaigns: api) { server async throws in
            let paused = try await server.request("/campaigns/a%2Fb/pause")
            #expect(paused.status == .accepted)
            #expect(paused.body == #"{"id":"a/b","status":"paused"}"#)
            #expect(try await server.request("/campaigns/x/resume").body == #"{"id":"x","status":"running"}"#)
            #expect(try await server.request("/campaigns/x", .DELETE).body == #"{"id":"x","status":"cancelling"}"#)
            #expect(api.changes == ["pause a/b", "resume x", "cancel x"])
            #expect(try await server.request("/campaigns/known", .GET).body.contains(#""state":"running""#))
            #expect(try await server.request("/campaigns/other", .GET).status == .notFound)
            #expect(try await server.request("/campaigns/x", .PUT).status == .methodNotAllowed)
        }
        for (change, status) in [
            (CampaignChange.over("completed"), HTTPResponseStatus.conflict), (.unknown, .notFound),
            (.notYet, .serviceUnavailable), (.notTaken, .serviceUnavailable),
        ] {
            try await TestServer.with(api: FakeSendAPI(), campaigns: FakeCampaignAPI(change: change)) {
                server async throws in
                #expect(try await server.request("/campaigns/x", .DELETE).status == status)
                #expect(try await server.request("/campaigns/x/pause").status == status)
            }
        }
    }
}
