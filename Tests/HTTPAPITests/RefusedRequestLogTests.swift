import Bridge
import NIOHTTP1
import Testing

@testable import HTTPAPI

@Suite("A request that no handler saw", .timeLimit(.minutes(3)))
struct RefusedRequestLogTests {
    /// The lines of refused requests, without the listener's own.
    private func lines(_ log: LogBook) -> [String] { log.lines.filter { $0.contains("a request was turned away") } }

    @Test(
        "leaves one line with method, path and status",
        arguments: [
            ("POST", "/webhook/status?token=HUSH", "404", "/webhook/status"),
            ("PUT", "/webhooks/status?token=HUSH", "405", "/webhooks/status"),
        ]
    )
    func wrongAddress(method: String, target: String, status: String, path: String) async throws {
        let log = LogBook()
        try await TestServer.with(log: log) { server in
            _ = try await server.request(target, HTTPMethod(rawValue: method))
        }
        let line = try #require(lines(log).first)
        #expect(lines(log).count == 1)
        #expect(line.hasPrefix("info "))
        for part in [#""http.method": \#(method)"#, #""http.path": \#(path)"#, #""http.status": \#(status)"#] {
            #expect(line.contains(part), "\(line)")
        }
        #expect(!line.contains("HUSH"))
    }

    @Test(
        "leaves a warning when it was too long, too slow, or broke off",
        arguments: [("300000", true, "413"), ("10", true, "503"), ("10", false, "503")]
    )
    func incomplete(length: String, staysOpen: Bool, status: String) async throws {
        let log = LogBook()
        try await TestServer.with(log: log, limits: .with(body: .milliseconds(100))) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send(
                    "POST /webhooks/inbound?token=HUSH HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\nHUSH"
                )
                if !staysOpen { client.endOutput() }
                // A parser that meets the end within a body answers 400 by itself.
                let answer = try await client.answer()
                #expect([status, "400"].contains("\(answer.status)"))
            }
        }
        let line = try #require(lines(log).first)
        #expect(lines(log).count == 1)
        #expect(line.hasPrefix("warning "))
        #expect(line.contains(#""http.path": /webhooks/inbound"#))
        #expect(line.contains(#""http.status": \#(status)"#), "\(line)")
        #expect(!line.contains("HUSH"))
    }

    @Test("leaves a warning when its body is no HTTP")
    func malformedBody() async throws {
        let log = LogBook()
        try await TestServer.with(log: log) { server in
            try await RawConnection.to(server.port) { client in
                try await client.send(
                    "POST /webhooks/inbound HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\nHUSH\r\n"
                )
                let answer = try await client.answer()
                #expect(answer.status == 400)
            }
        }
        #expect(lines(log).count == 1)
        #expect(lines(log).allSatisfy { $0.hasPrefix("warning ") && $0.contains("400") && !$0.contains("HUSH") })
    }

    @Test("leaves no line when a handler saw it")
    func handled() async throws {
        let log = LogBook()
        try await TestServer.with(FakeReceiver(.forged), log: log) { server in
            let forged = try await server.request("/webhooks/status")
            #expect(forged.status == .unauthorized)
            #expect(try await server.request("/health/live", .GET).status == .ok)
        }
        #expect(lines(log) == [])
    }

    @Test("leaves no more lines than are allowed, and the next one says how many were left out")
    func allowance() {
        let start = ContinuousClock.now
        var allowance = LineAllowance(now: start)
        for _ in 0..<30 { #expect(allowance.take(now: start) == 0) }
        for _ in 0..<5 { #expect(allowance.take(now: start + .milliseconds(999)) == nil) }
        #expect(allowance.take(now: start + .seconds(1)) == 5)
        #expect(allowance.take(now: start + .milliseconds(1_999)) == nil)
        #expect(allowance.take(now: start + .seconds(2)) == 1)
        // A long rest fills it up, and no further.
        for _ in 0..<30 { #expect(allowance.take(now: start + .seconds(86_400)) == 0) }
        #expect(allowance.take(now: start + .seconds(86_400)) == nil)
    }

    @Test(
        "has its path cut, cleaned and masked",
        arguments: [
            ("/webhooks/status", "/webhooks/status"),
            ("", ""),
            ("/a\u{1}\u{7F}\u{202E}\n b/ü", "/ab/"),
            ("/" + String(repeating: "x", count: 100), "/" + String(repeating: "x", count: 99) + "…"),
            ("/webhooks/status%3Ftoken=HUSH", "/webhooks/status…"),
            ("/webhooks/status&token=HUSH", "/webhooks/status…"),
            ("/opt-outs/+14155550100", "/opt-outs/+********100"),
            ("/v1/1234/12345/x", "/v1/1234/**345/x"),
        ]
    )
    func path(raw: String, logged: String) {
        #expect(LoggedPath.of(raw) == logged)
    }
}
