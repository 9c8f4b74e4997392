import CryptoExtras
import FoundationEssentials
import JWTKit
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Testing

@testable import VonageSimulator

@Suite("Vonage's API as the simulator serves it", .timeLimit(.minutes(3)))
struct VonageSimulatorAPITests {
    @Test("A good message is accepted and can be looked at, with its body as it was")
    func accepted() async throws {
        try await withSimulator { simulator async throws in
            let answer = try await simulator.send { $0["text"] = #""caf\u00e9""# }
            #expect(answer.status == 202)
            #expect(answer.headers.first(name: "Content-Type") == "application/json")
            #expect(answer.headers.first(name: "X-Request-Id") != nil)
            let uuid = try #require(answer.fields["message_uuid"])
            #expect(UUID(uuidString: uuid) != nil)

            struct Listed: Decodable {
                let messageUUID: String
                let to: String
                let from: String
                let text: String
                let clientRef: String
                let authorization: String
                let receivedAt: String
                let body: [String: String]

                private enum CodingKeys: String, CodingKey {
                    case to, from, text, authorization, body
                    case messageUUID = "message_uuid"
                    case clientRef = "client_ref"
                    case receivedAt = "received_at"
                }
            }
            let list = try await simulator.request(.GET, "/simulator/messages")
            let listed = try #require(try JSONDecoder().decode([Listed].self, from: Data(list.body.utf8)).first)
            #expect(listed.messageUUID == uuid && listed.to == "447700900001" && listed.from == "14155550100")
            #expect(listed.text == "café" && listed.clientRef == "ref" && listed.authorization == "none")
            #expect(listed.body["message_type"] == "text")
            #expect(listed.receivedAt.hasSuffix("Z"))
            #expect(list.body.contains(#"caf\u00e9"#), "the body is not as it was received")

            #expect(try await simulator.request(.DELETE, "/simulator/messages").status == 204)
            #expect(try await simulator.request(.GET, "/simulator/messages").body == "[]")
            #expect(simulator.messageCount == 0 && simulator.requestCount == 0)
        }
    }

    @Test("The list can be narrowed")
    func narrowed() async throws {
        try await withSimulator { simulator async throws in
            for index in 0..<3 { _ = try await simulator.send { $0["to"] = #""44770090000\#(index)""# } }
            _ = try await simulator.send { $0["client_ref"] = #""other""# }
            func count(_ query: String) async throws -> Int {
                struct Item: Decodable {}
                let answer = try await simulator.request(.GET, "/simulator/messages?" + query)
                return try JSONDecoder().decode([Item].self, from: Data(answer.body.utf8)).count
            }
            #expect(try await count("to=447700900002") == 1)
            #expect(try await count("client_ref=other") == 1)
            #expect(try await count("limit=2") == 2)
            #expect(try await count("") == 4)
        }
    }

    @Test("A bad message is refused with Vonage's problem document, as plain JSON")
    func refused() async throws {
        try await withSimulator { simulator async throws in
            let answer = try await simulator.send { $0["to"] = #""+447700900001""# }
            #expect(answer.status == 422)
            #expect(answer.headers.first(name: "Content-Type") == "application/json")
            #expect(answer.fields["title"] == "Invalid recipient")
            #expect(answer.fields["type"] == "https://developer.vonage.com/api-errors/messages#110")
            #expect(answer.fields["instance"] == answer.headers.first(name: "X-Request-Id"))
            #expect(try await simulator.request(.POST, "/v1/messages").status == 422)
            #expect(simulator.messageCount == 0 && simulator.requestCount == 2)
            let requests = try await simulator.request(.GET, "/simulator/requests")
            #expect(requests.body.contains(#""status":422"#))
        }
    }

    @Test("Basic credentials")
    func basic() async throws {
        try await withSimulator {
            $0.credentials = .init(apiKey: "abcd1234", apiSecret: "secret")
        } _: { simulator async throws in
            let good = Data("abcd1234:secret".utf8).base64EncodedString()
            let bad = Data("abcd1234:wrong".utf8).base64EncodedString()
            #expect(try await simulator.send(authorization: "Basic " + good).status == 202)
            for header in [nil, "Basic " + bad, "Bearer x.y.z", "Basic", good] {
                let answer = try await simulator.send(authorization: header)
                #expect(answer.status == 401)
                #expect(answer.headers.first(name: "Content-Type") == "application/problem+json")
                #expect(answer.fields["type"]?.hasSuffix("#unathorized") == true)
            }
            #expect(simulator.messages.map(\.authorization) == ["basic"])
            // Credentials come before the body.
            #expect(try await simulator.request(.POST, "/v1/messages", "{}").status == 401)
        }
    }

    private struct Claims: JWTPayload {
        var applicationID: String? = "app"
        var iat: Int? = Int(Date().timeIntervalSince1970)
        var exp: Int?
        var jti: String? = "j"

        private enum CodingKeys: String, CodingKey {
            case iat, exp, jti
            case applicationID = "application_id"
        }

        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    @Test("An application's token: signature and claims are checked")
    func token() async throws {
        try await withSimulator {
            $0.credentials = .init(applicationID: "app", applicationKeyPEM: TestKey.pem)
        } _: { simulator async throws in
            let keys = await JWTKeyCollection().add(
                rsa: try Insecure.RSA.PrivateKey(pem: TestKey.pem),
                digestAlgorithm: .sha256
            )
            let others = await JWTKeyCollection().add(
                hmac: HMACKey(from: String(repeating: "x", count: 32)),
                digestAlgorithm: .sha256
            )
            let now = Int(Date().timeIntervalSince1970)
            func status(_ claims: Claims, _ keys: JWTKeyCollection) async throws -> Int {
                try await simulator.send(authorization: "Bearer " + keys.sign(claims)).status
            }
            #expect(try await status(Claims(), keys) == 202)
            #expect(try await status(Claims(iat: now - 3_600, exp: now + 60), keys) == 202)
            #expect(try await status(Claims(), others) == 401)
            #expect(try await status(Claims(applicationID: "other"), keys) == 401)
            #expect(try await status(Claims(applicationID: nil), keys) == 401)
            #expect(try await status(Claims(iat: nil), keys) == 401)
            #expect(try await status(Claims(jti: nil), keys) == 401)
            #expect(try await status(Claims(iat: now + 600), keys) == 401)
            #expect(try await status(Claims(iat: now - 901), keys) == 401)
            #expect(try await status(Claims(iat: now - 90_000, exp: now + 60), keys) == 401)
            let expired = try await simulator.send(
                authorization: "Bearer " + keys.sign(Claims(iat: now - 60, exp: now - 1))
            )
            #expect(expired.fields["type"]?.hasSuffix("#jwt-expired") == true)
            #expect(simulator.messages.map(\.authorization) == ["jwt", "jwt"])
        }
    }

    @Test("Both kinds of credentials: either is taken, and a wrong one of either is not")
    func both() async throws {
        try await withSimulator {
            $0.credentials = .init(
                apiKey: "abcd1234",
                apiSecret: "secret",
                applicationID: "app",
                applicationKeyPEM: TestKey.pem
            )
        } _: { simulator async throws in
            let keys = await JWTKeyCollection().add(
                rsa: try Insecure.RSA.PrivateKey(pem: TestKey.pem),
                digestAlgorithm: .sha256
            )
            let stranger = try _RSA.Signing.PrivateKey(keySize: .bits2048).pemRepresentation
            let strangers = await JWTKeyCollection().add(
                rsa: try Insecure.RSA.PrivateKey(pem: stranger),
                digestAlgorithm: .sha256
            )
            let account = Data("abcd1234:secret".utf8).base64EncodedString()
            let wrong = Data("abcd1234:wrong".utf8).base64EncodedString()
            let token = try await keys.sign(Claims())
            let forged = try await strangers.sign(Claims())
            #expect(try await simulator.send(authorization: "Basic " + account).status == 202)
            #expect(try await simulator.send(authorization: "Bearer " + token).status == 202)
            for header in [nil, "Basic " + wrong, "Basic " + token, "Bearer " + forged, "Bearer " + account] {
                #expect(try await simulator.send(authorization: header).status == 401)
            }
            #expect(simulator.messages.map(\.authorization) == ["basic", "jwt"])
        }
    }

    @Test("What is not a key is refused at the start")
    func unusableKey() async throws {
        await #expect(throws: SimulatorError.self) {
            try await withSimulator {
                $0.credentials = .init(applicationKeyPEM: "nothing")
            } _: { _ in
            }
        }
    }

    @Test("Past the rate limit it is 429 with Retry-After")
    func rateLimit() async throws {
        try await withSimulator {
            $0.rateLimit = .init(requests: 2, interval: .seconds(60))
        } _: { simulator async throws in
            #expect(try await simulator.send().status == 202)
            #expect(try await simulator.send().status == 202)
            let third = try await simulator.send()
            #expect(third.status == 429)
            let pause = try #require(third.headers.first(name: "Retry-After").flatMap { Int($0) })
            #expect((1...31).contains(pause))
            #expect(simulator.messageCount == 2 && simulator.requestCount == 3)
        }
    }

    @Test("Latency delays the answer")
    func latency() async throws {
        try await withSimulator {
            $0.latency = .milliseconds(150)
        } _: { simulator async throws in
            let begin = ContinuousClock.now
            #expect(try await simulator.send().status == 202)
            #expect(begin.duration(to: .now) >= .milliseconds(150))
        }
    }

    @Test("Memory is bounded: the oldest messages are forgotten")
    func bounded() async throws {
        try await withSimulator {
            $0.keptMessages = 2
        } _: { simulator async throws in
            for index in 0..<4 { _ = try await simulator.send { $0["client_ref"] = #""\#(index)""# } }
            #expect(simulator.messages.map(\.clientRef) == ["2", "3"])
            #expect(simulator.messageCount == 4)
        }
    }

    @Test("Other paths and methods")
    func elsewhere() async throws {
        try await withSimulator { simulator async throws in
            #expect(try await simulator.request(.GET, "/page").status == 404)
            #expect(try await simulator.request(.POST, "/v0.1/messages", "{}").status == 404)
            #expect(try await simulator.request(.GET, "/v1/messages").status == 405)
            #expect(try await simulator.request(.PUT, "/simulator/faults", "{}").status == 400)
            #expect(
                try await simulator.request(.POST, "/simulator/inbound", #"{"from":"1","to":"2","text":"x"}"#).status
                    == 400
            )
        }
    }

    @Test("It is a service that ends gracefully, with connections open")
    func service() async throws {
        let simulator = try await VonageSimulator(configuration: VonageSimulatorConfiguration(), logger: quietLogger())
        let group = ServiceGroup(configuration: .init(services: [simulator], logger: quietLogger()))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            #expect(try await simulator.send().status == 202)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        await #expect(throws: (any Error).self) { _ = try await simulator.send(timeout: .milliseconds(500)) }
    }
}
