import AsyncHTTPClient
import CryptoExtras
import FoundationEssentials
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import VonageSimulator

/// A fresh RSA key, made once.
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
    configuration.receiptDelay = .milliseconds(1)
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

/// What a request came to.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: String

    /// The body as a JSON object of text.
    var fields: [String: String] {
        (try? JSONDecoder().decode([String: Loose].self, from: Data(body.utf8)))?.compactMapValues(\.text) ?? [:]
    }
}

private struct Loose: Decodable {
    let text: String?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        text = (try? container.decode(String.self)) ?? (try? container.decode(Int.self)).map(String.init)
    }
}

extension VonageSimulator {
    /// Makes one request over HTTP.
    func request(
        _ method: HTTPMethod,
        _ path: String,
        _ body: String? = nil,
        authorization: String? = nil,
        headers: [(String, String)] = [],
        timeout: TimeAmount = .seconds(10)
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = method
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        if let authorization { request.headers.add(name: "Authorization", value: authorization) }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let response = try await HTTPClient.shared.execute(request, timeout: timeout)
        let bytes = try await response.body.collect(upTo: 1 << 24)
        return Answer(status: Int(response.status.code), headers: response.headers, body: String(buffer: bytes))
    }

    /// Posts a message.
    func send(
        _ change: (inout [String: String]) -> Void = { _ in },
        authorization: String? = nil,
        timeout: TimeAmount = .seconds(10)
    ) async throws -> Answer {
        var fields = [
            "message_type": #""text""#, "channel": #""sms""#, "to": #""447700900001""#, "from": #""14155550100""#,
            "text": #""hi""#, "client_ref": #""ref""#,
        ]
        change(&fields)
        let json = "{" + fields.map { #""\#($0)":\#($1)"# }.joined(separator: ",") + "}"
        return try await request(.POST, "/v1/messages", json, authorization: authorization, timeout: timeout)
    }
}

/// A listener for webhooks that keeps what it got and answers as a test sets it.
final class Listener: Sendable {
    struct Webhook: Sendable {
        let path: String
        let authorization: String?
        let body: String

        var fields: [String: String] {
            (try? JSONDecoder().decode([String: Loose].self, from: Data(body.utf8)))?.compactMapValues(\.text) ?? [:]
        }
    }

    private struct State {
        var webhooks: [Webhook] = []
        var answers: [SimulatorAction] = []
    }

    private let state = Mutex(State())
    private let server: SimulatorServer

    init() async throws { server = try await SimulatorServer(host: "127.0.0.1", port: 0, logger: quietLogger()) }

    var url: String { "http://127.0.0.1:\(server.port)" }
    var webhooks: [Webhook] { state.withLock { $0.webhooks } }

    /// The first answers; afterwards it is 200.
    func answer(_ answers: [SimulatorAction]) { state.withLock { $0.answers = answers } }

    func run() async {
        await server.run { request in
            self.state.withLock { state in
                state.webhooks.append(
                    Webhook(
                        path: request.head.uri,
                        authorization: request.head.headers.first(name: "Authorization"),
                        body: request.body.map { String(buffer: $0) } ?? ""
                    )
                )
                return state.answers.isEmpty
                    ? .answer(SimulatorResponse(status: 200), after: .zero) : state.answers.removeFirst()
            }
        }
    }
}

/// Runs a simulator that posts to a listener.
func withListener<Result: Sendable>(
    _ change: (inout VonageSimulatorConfiguration) -> Void = { _ in },
    _ body: (VonageSimulator, Listener) async throws -> Result
) async throws -> Result {
    let listener = try await Listener()
    let listening = Task { await listener.run() }
    do {
        let result = try await withSimulator { configuration in
            configuration.webhooks = listener.url
            configuration.webhookRetry = .milliseconds(10)
            change(&configuration)
        } _: { simulator in
            try await body(simulator, listener)
        }
        listening.cancel()
        await listening.value
        return result
    } catch {
        listening.cancel()
        await listening.value
        throw error
    }
}
