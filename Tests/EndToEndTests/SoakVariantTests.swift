import Foundation
import Glibc
import Synchronization
import Testing

@Suite("The soak's variants", .timeLimit(.minutes(3)))
struct SoakVariantTests {
    @Test("Are none without their variables, and each by its own")
    func environment() {
        let none = SoakVariant(["SOAK_RATE": "", "SOAK_DISK": ""])
        #expect(none == SoakVariant([:]))
        #expect(none.load(80) == 80)
        let all = SoakVariant([
            "SOAK_RATE": "50/s", "SOAK_ANONYMOUS": "1", "SOAK_PROXY": "1", "SOAK_CLOCK": "/a.so", "SOAK_DISK": "/b",
        ])
        #expect(all.rate == 50)
        #expect(all.load(80) == 25)
        #expect(all.isAnonymous && all.hasProxy)
        #expect(all.clockLibrary == "/a.so")
        #expect(all.disk?.path == "/b")
    }

    @Test("The proxy carries both ways; a lost direction is silent, the other goes on, and then the connection ends")
    func proxy() async throws {
        let echo = try Echo()
        defer { echo.stop() }
        let proxy = try SoakProxy(brokerPort: echo.port)
        defer { proxy.stop() }
        let client = try Client(port: proxy.port)
        client.send("one")
        #expect(client.answer() == "one")

        async let isLost = proxy.lose(.fromBroker, for: .seconds(2), choice: 3)
        let isSilent = try await eventually(within: .seconds(1)) {
            client.send("two")
            return client.answer() == nil
        }
        #expect(isSilent)
        client.send("three")
        let isHeard = try await eventually(within: .seconds(1)) { echo.heard.contains("three") }
        #expect(isHeard, "the other direction is lost as well")
        #expect(await isLost)
        let isEnded = try await eventually { client.isEnded }
        #expect(isEnded)
        let isGone = try await eventually { await !proxy.lose(.toBroker, for: .zero, choice: 0) }
        #expect(isGone)

        let next = try Client(port: proxy.port)
        next.send("four")
        #expect(next.answer() == "four")
    }
}

/// Listens on loopback, and sends back what it gets.
private final class Echo: Sendable {
    let port: UInt16
    private let listener: Int32
    private let text = Mutex("")

    init() throws {
        let port = try FreePort.lasting()
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let isBound = FreePort.withLoopback(port) { bind(listener, $0, $1) == 0 }
        guard isBound, listen(listener, 8) == 0 else {
            close(listener)
            throw FreePort.None()
        }
        self.port = port
        self.listener = listener
        Thread.detachNewThread { self.takeConnections() }
    }

    /// All that has come.
    var heard: String { text.withLock { $0 } }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func takeConnections() {
        defer { close(listener) }
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            Thread.detachNewThread { self.serve(client) }
        }
    }

    private func serve(_ client: Int32) {
        defer { close(client) }
        var bytes = [UInt8](repeating: 0, count: 1_000)
        while true {
            let count = recv(client, &bytes, bytes.count, 0)
            guard count > 0 else { return }
            text.withLock { $0 += String(decoding: bytes[..<count], as: UTF8.self) }
            guard send(client, bytes, count, Int32(MSG_NOSIGNAL)) == count else { return }
        }
    }
}

/// A connection that waits a tenth of a second for an answer.
private final class Client: Sendable {
    private let descriptor: Int32

    init(port: UInt16) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 0, tv_usec: 100_000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        guard FreePort.withLoopback(port, { connect(descriptor, $0, $1) == 0 }) else {
            close(descriptor)
            throw FreePort.None()
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Whether the other side has closed it.
    var isEnded: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, 0) == 0 || errno == ECONNRESET
    }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// What has come; nil for nothing.
    func answer() -> String? {
        var bytes = [UInt8](repeating: 0, count: 1_000)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
