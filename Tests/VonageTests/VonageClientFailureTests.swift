import Contracts
import SMSCore
import Synchronization
import Testing

@testable import Vonage

@Suite("The client against servers that misbehave", .timeLimit(.minutes(3)))
struct VonageClientFailureTests {
    @Test("A refused connection is not written, and reported at once")
    func refused() async throws {
        // The port was free a moment ago, and is again.
        let url = try await withServer { _ in
        } _: { url in
            url
        }
        let begin = ContinuousClock.now
        let answer = try await withClient(url) { await $0.send(hello) }
        #expect(answer.isNotWritten, "\(answer)")
        #expect(begin.duration(to: .now) < .seconds(3))
    }

    @Test("A host that does not exist is not written")
    func unknownHost() async throws {
        let answer = try await withClient("http://nowhere.invalid:4000") { await $0.send(hello) }
        #expect(answer.isNotWritten, "\(answer)")
    }

    @Test("TLS that does not come about is not written")
    func noTLS() async throws {
        try await withServer { wire in
            try await wire.write("HTTP/1.1 400 Bad Request\r\n\r\n")
            try await wire.drain()
        } _: { url in
            let answer = try await withClient("https" + url.dropFirst(4)) { await $0.send(hello) }
            #expect(answer.isNotWritten, "\(answer)")
        }
    }

    @Test("A connection closed after the body is uncertain, and the request is not made again")
    func closedAfterBody() async throws {
        let requests = Counter()
        try await withServer { wire in
            if try await wire.readRequest() { requests.add() }
        } _: { url in
            let answer = try await withClient(url) { await $0.send(hello) }
            guard case .uncertain(let reason, nil) = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(reason.hasPrefix("no_answer: "))
            #expect(requests.value == 1)
        }
    }

    @Test("A kept connection that breaks during the second request: uncertain, not made again")
    func diesWhenReused() async throws {
        let requests = Counter()
        try await withServer { wire in
            guard try await wire.readRequest() else { return }
            requests.add()
            try await wire.write(answer("202 Accepted", #"{"message_uuid":"u"}"#))
            if try await wire.readRequest() { requests.add() }
        } _: { url in
            try await withClient(url) { client in
                #expect(await client.send(hello).label == "accepted")
                #expect(await client.send(hello).label == "uncertain")
                #expect(requests.value == 2)
            }
        }
    }

    @Test("HTML instead of a problem document")
    func html() async throws {
        try await withServer { wire in
            while try await wire.readRequest() {
                try await wire.write(
                    answer("429 Too Many Requests", headers: ["Content-Type: text/html"], "<html>slow</html>")
                )
            }
        } _: { url in
            let answer = try await withClient(url) { await $0.send(hello) }
            #expect(answer == .throttled(retryAfter: .seconds(1)))
        }
    }

    @Test("An empty 500")
    func empty500() async throws {
        try await withServer { wire in
            while try await wire.readRequest() { try await wire.write(answer("500 Internal Server Error")) }
        } _: { url in
            let answer = try await withClient(url) { await $0.send(hello) }
            #expect(answer == .uncertain(reason: "server_error", ProviderProblem(status: 500)))
        }
    }

    @Test("A redirect is not followed")
    func redirect() async throws {
        let requests = Counter()
        try await withServer { wire in
            while try await wire.readRequest() {
                requests.add()
                try await wire.write(answer("307 Temporary Redirect", headers: ["Location: /v1/messages"]))
            }
        } _: { url in
            let answer = try await withClient(url) { await $0.send(hello) }
            #expect(answer == .accountTrouble(ProviderProblem(status: 307)))
            #expect(requests.value == 1)
        }
    }

    @Test("A body that trickles past the limit: the status counts", arguments: [(202, "uncertain"), (422, "refused")])
    func trickle(status: Int, label: String) async throws {
        try await withServer { wire in
            guard try await wire.readRequest() else { return }
            try await wire.write("HTTP/1.1 \(status) X\r\nContent-Length: 30\r\n\r\n{")
            try await wire.drain()
        } _: { url in
            let begin = ContinuousClock.now
            let answer = try await withClient(url, timeout: .milliseconds(1_500)) { await $0.send(hello) }
            #expect(answer.label == label)
            #expect(begin.duration(to: .now) < .seconds(5))
        }
    }

    @Test("A body cut in the middle")
    func cut() async throws {
        try await withServer { wire in
            guard try await wire.readRequest() else { return }
            try await wire.write("HTTP/1.1 202 Accepted\r\nContent-Length: 30\r\n\r\n{\"message_uuid\":\"u\"")
        } _: { url in
            let answer = try await withClient(url) { await $0.send(hello) }
            #expect(answer == .uncertain(reason: "no_message_uuid", ProviderProblem(status: 202)))
        }
    }

    @Test("A huge body is not read", arguments: [true, false])
    func huge(isAnnounced: Bool) async throws {
        try await withServer { wire in
            guard try await wire.readRequest() else { return }
            let piece = String(repeating: "x", count: 32_768)
            if isAnnounced {
                try await wire.write("HTTP/1.1 422 X\r\nContent-Length: 1000000000\r\n\r\n")
                while true { try await wire.write(piece) }
            } else {
                try await wire.write("HTTP/1.1 422 X\r\nTransfer-Encoding: chunked\r\n\r\n")
                while true { try await wire.write("8000\r\n\(piece)\r\n") }
            }
        } _: { url in
            let answer = try await withClient(url) { await $0.send(hello) }
            #expect(answer == .refused(ProviderProblem(status: 422)))
        }
    }

    @Test("What is not HTTP", arguments: ["garbage\r\n\r\n", "HTTP/1.1 abc def\r\n\r\n", "\u{0}\u{1}\u{2}\u{3}"])
    func garbage(text: String) async throws {
        try await withServer { wire in
            guard try await wire.readRequest() else { return }
            try await wire.write(text)
        } _: { url in
            let answer = try await withClient(url) { await $0.send(hello) }
            #expect(answer.label == "uncertain")
        }
    }
}

final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    func add() { count.withLock { $0 += 1 } }
}
