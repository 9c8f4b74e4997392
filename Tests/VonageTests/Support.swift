import Contracts
import CryptoExtras
import Logging
import NIOCore
import NIOPosix
import SMSCore
import Testing
import VonageSimulator

@testable import Vonage

/// A fresh RSA key, made once: a key in the repository would look like a leaked one.
enum TestKey {
    static let pem: String = {
        do { return try _RSA.Signing.PrivateKey(keySize: .bits2048).pkcs8PEMRepresentation } catch { return "" }
    }()
}

func quietLogger() -> Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }

/// Runs a simulator for the time of `body`.
func withSimulator<Result: Sendable>(
    _ change: (inout VonageSimulatorConfiguration) -> Void = { _ in },
    _ body: (VonageSimulator) async throws -> Result
) async throws -> Result {
    var configuration = VonageSimulatorConfiguration()
    change(&configuration)
    let simulator = try await VonageSimulator(configuration: configuration, logger: quietLogger())
    let running = Task { try await simulator.run() }
    do {
        let result = try await body(simulator)
        running.cancel()
        try await running.value
        return result
    } catch {
        running.cancel()
        try? await running.value
        throw error
    }
}

/// Makes a client for the time of `body`.
func withClient<Result: Sendable>(
    _ url: String,
    credentials: VonageCredentials = .basic(apiKey: "abcd1234", apiSecret: "secret"),
    concurrency: Int = 4,
    timeout: Duration = .seconds(10),
    _ body: (VonageClient) async throws -> Result
) async throws -> Result {
    var configuration = VonageClientConfiguration(credentials: credentials, apiURL: url)
    configuration.concurrency = concurrency
    configuration.timeout = timeout
    let client = try VonageClient(configuration: configuration, logger: quietLogger())
    do {
        let result = try await body(client)
        await client.shutdown()
        return result
    } catch {
        await client.shutdown()
        throw error
    }
}

let hello = OutgoingSMS(
    to: PhoneNumber(digits: "447700900001").unsafelyUnwrapped,
    from: .number(PhoneNumber(digits: "14155550100").unsafelyUnwrapped),
    text: "hello",
    reference: "ref-1",
    ttlSeconds: nil,
    encoding: .auto,
    provider: ProviderOptions()
)

extension SubmitOutcome {
    /// The HTTP status of an answer that was no acceptance, where there was one.
    var status: Int? {
        switch self {
        case .accepted, .throttled: nil
        case .refused(let problem), .accountTrouble(let problem): problem.status
        case .unavailable(_, let problem), .uncertain(_, let problem): problem?.status
        }
    }

    /// Whether no byte of the body was written.
    var isNotWritten: Bool {
        if case .unavailable(let reason, nil) = self { reason.hasPrefix("not_written: ") } else { false }
    }
}

/// A server that sends raw bytes, so that it can do to a connection what no HTTP server does.
struct ScriptedServer: Sendable {
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// What a script has of its connection.
    struct Wire {
        var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
        let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
        private var buffered = ""

        init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>)
        {
            self.inbound = inbound.makeAsyncIterator()
            self.outbound = outbound
        }

        /// Reads one request to the end of its JSON body; `false` when the client has gone.
        mutating func readRequest() async throws -> Bool {
            while !buffered.contains("\r\n\r\n{") || !buffered.hasSuffix("}") {
                guard let bytes = try await inbound.next(isolation: #isolation) else { return false }
                buffered += String(buffer: bytes)
            }
            buffered = ""
            return true
        }

        func write(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

        /// Reads until the client has gone.
        mutating func drain() async throws { while try await inbound.next(isolation: #isolation) != nil {} }
    }
}

/// Runs a scripted server for the time of `body`, which gets its URL and the number of connections so far.
func withServer<Result: Sendable>(
    _ script: @escaping @Sendable (inout ScriptedServer.Wire) async throws -> Void,
    _ body: (String) async throws -> Result
) async throws -> Result {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .bind(host: "127.0.0.1", port: 0) { channel in
            channel.eventLoop.makeCompletedFuture {
                try ScriptedServer.Connection(wrappingChannelSynchronously: channel)
            }
        }
    let port = try #require(listener.channel.localAddress?.port)
    let running = Task {
        try await listener.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    group.addTask {
                        try? await connection.executeThenClose { inbound, outbound in
                            var wire = ScriptedServer.Wire(inbound, outbound)
                            try await script(&wire)
                        }
                    }
                }
            }
        }
    }
    do {
        let result = try await body("http://127.0.0.1:\(port)")
        // Closed and not cancelled: what was accepted has to be served, or SwiftNIO traps on a connection that was not
        // taken.
        try await listener.channel.close()
        try? await running.value
        return result
    } catch {
        try? await listener.channel.close()
        try? await running.value
        throw error
    }
}

/// An HTTP answer as text.
func answer(_ status: String, headers: [String] = [], _ body: String = "") -> String {
    (["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers).joined(separator: "\r\n") + "\r\n\r\n"
        + body
}
