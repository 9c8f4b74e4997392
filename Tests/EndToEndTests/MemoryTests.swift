import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

/// What others send must not decide how much memory the service takes.
@Suite("Memory is bounded", .enabled(if: World.brokerURL != nil), .timeLimit(.minutes(5)))
struct MemoryTests {
    /// Bytes of a campaign's body, almost.
    private static let length = (16 << 20) - 1_000
    /// How much more than at rest.
    ///
    /// It takes some 46 MB, two bodies and a third of one; what glibc keeps of freed blocks, unless it is held to give them
    /// back, was up to 50 MB more.
    private static let limitKB = 64 * 1024

    /// A body that is as long as one may be, with one piece over and over between its beginning and its end.
    private func body(_ start: String, _ piece: String, _ end: String) -> ByteBuffer {
        var body = ByteBuffer()
        body.reserveCapacity(Self.length)
        body.writeString(start)
        body.writeString(piece.trimmingPrefix(",").description)
        while body.readableBytes < Self.length - piece.utf8.count - end.utf8.count { body.writeString(piece) }
        body.writeString(end)
        return body
    }

    private func post(_ body: ByteBuffer, to world: World) async throws -> (UInt, String) {
        var request = HTTPClientRequest(url: world.url + "/send-campaign")
        request.method = .POST
        request.headers.add(name: "prefer", value: "respond-async")
        request.body = .bytes(body)
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(90))
        return (response.status.code, String(buffer: try await response.body.collect(upTo: 1 << 20)))
    }

    @Test("campaigns of 16 MiB, senseless ones and great ones, two at a time, take less than 64 MB")
    func campaigns() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let rest = try #require(service.peakMemoryKB)
            let start = #"{"message":"Hi","recipients":["#
            let senseless = [
                (body(start, #",{"a":1}"#, "]}"), "the limit is 100000"),
                (body(start, ",[]", "]}"), "the limit is 100000"),
                (body(start + "[", #",{"a":1}"#, "]]}"), "recipients[0] is longer than 262144 bytes"),
                (body(#"{"x":["#, #",{"a":1}"#, "]}"), "besides recipients are longer than 262144 bytes"),
            ]
            for (body, problem) in senseless {
                try await withThrowingTaskGroup(of: (UInt, String).self) { group in
                    for _ in 0..<2 { group.addTask { try await post(body, to: world) } }
                    for try await (status, answer) in group {
                        #expect(status == 400)
                        #expect(answer.contains(problem), "\(answer.prefix(1_000))")
                    }
                }
            }
            // All of them are taken, since each counts as one invalid recipient.
            let padding = String(repeating: "x", count: 300)
            let (status, answer) = try await post(body(start, #",{"a":"\#(padding)"}"#, "]}"), to: world)
            #expect(status == 202, "\(answer.prefix(1_000))")
            let peak = try #require(service.peakMemoryKB)
            #expect(peak - rest < Self.limitKB, "\(peak) KB, \(rest) KB at rest")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }
}
