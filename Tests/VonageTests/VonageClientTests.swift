import Contracts
import FoundationEssentials
import SMSCore
import Testing
import VonageSimulator

@testable import Vonage

@Suite("The client against the simulator", .timeLimit(.minutes(3)))
struct VonageClientTests {
    @Test("A message is accepted, and arrives as it was meant")
    func accepted() async throws {
        try await withSimulator {
            $0.credentials = .init(apiKey: "abcd1234", apiSecret: "secret")
        } _: { simulator in
            let answer = try await withClient(simulator.url) { await $0.send(hello) }
            guard case .accepted(let uuid) = answer else {
                Issue.record("\(answer)")
                return
            }
            let message = try #require(simulator.messages.first)
            #expect(message.messageUUID == uuid)
            #expect(message.to == "447700900001" && message.from == "14155550100" && message.text == "hello")
            #expect(message.clientRef == "ref-1")
            #expect(message.authorization == "basic")
        }
    }

    @Test("An application's token is accepted, and one serves many requests")
    func application() async throws {
        try await withSimulator {
            $0.credentials = .init(applicationID: "app", applicationKeyPEM: TestKey.pem)
        } _: { simulator in
            try await withClient(simulator.url, credentials: .application(id: "app", privateKeyPEM: TestKey.pem)) {
                client in
                for _ in 0..<3 { #expect(await client.send(hello).label == "accepted") }
            }
            #expect(simulator.messages.map(\.authorization) == ["jwt", "jwt", "jwt"])
        }
    }

    @Test("The provider's clock is known from its last answer, to a second or so; before any it is not")
    func clock() async throws {
        try await withSimulator { simulator in
            try await withClient(simulator.url) { client in
                #expect(client.clockOffset == nil)
                _ = await client.send(hello)
                let offset = try #require(client.clockOffset)
                #expect((.seconds(-10) ... .seconds(10)).contains(offset))
            }
        }
    }

    @Test("A Date header is read as RFC 9110 writes it, and nothing else is")
    func dates() {
        #expect(HTTPDate.read("Sun, 06 Nov 1994 08:49:37 GMT")?.timeIntervalSince1970 == 784_111_777)
        #expect(HTTPDate.read("Wed, 25 Feb 2026 00:00:00 GMT")?.timeIntervalSince1970 == 1_771_977_600)
        for text in ["", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 CET"]
        {
            #expect(HTTPDate.read(text) == nil)
        }
    }

    @Test("A 401 is met with one new token, then it stands")
    func newToken() async throws {
        try await withSimulator { simulator in
            try await withClient(simulator.url, credentials: .application(id: "app", privateKeyPEM: TestKey.pem)) {
                client in
                simulator.setFaults([FaultRule(.status, times: 1, status: "401")])
                #expect(await client.send(hello).label == "accepted")
                #expect(simulator.requestCount == 2)

                simulator.setFaults([FaultRule(.status, status: "401")])
                simulator.clear()
                let answer = await client.send(hello)
                #expect(answer.label == "account_trouble" && answer.status == 401)
                #expect(simulator.requestCount == 2)
                #expect(simulator.messageCount == 0)
            }
        }
    }

    @Test("With an account's key a 401 stands at once")
    func basicRefused() async throws {
        try await withSimulator {
            $0.credentials = .init(apiKey: "abcd1234", apiSecret: "other")
        } _: { simulator in
            let answer = try await withClient(simulator.url) { await $0.send(hello) }
            #expect(answer.label == "account_trouble")
            #expect(simulator.requestCount == 1)
            guard case .accountTrouble(let problem) = answer else { return }
            #expect(problem.title == "You did not provide correct credentials.")
            #expect(problem.instance != nil)
        }
    }

    @Test(
        "The provider's answers are distinguished",
        arguments: [
            (400, "refused"), (401, "account_trouble"), (402, "account_trouble"), (403, "account_trouble"),
            (404, "account_trouble"), (302, "account_trouble"), (408, "uncertain"), (422, "refused"),
            (429, "throttled"),
            (500, "unavailable"), (502, "uncertain"), (503, "unavailable"), (504, "uncertain"), (200, "uncertain"),
        ]
    )
    func statuses(status: Int, label: String) async throws {
        try await withSimulator { simulator in
            simulator.setFaults([FaultRule(.status, status: "\(status)")])
            let answer = try await withClient(simulator.url) { await $0.send(hello) }
            #expect(answer.label == label)
            #expect(answer.status == (status == 429 ? nil : status))
            #expect(simulator.requestCount == 1)
        }
    }

    @Test("A 429 says how long to wait")
    func throttled() async throws {
        try await withSimulator { simulator in
            simulator.setFaults([FaultRule(.status, status: "429", retryAfter: 7)])
            let answer = try await withClient(simulator.url) { await $0.send(hello) }
            guard case .throttled(.seconds(7)) = answer else {
                Issue.record("\(answer)")
                return
            }
        }
    }

    @Test("A connection closed after the body was written is uncertain, whether the message was taken or not")
    func dropped() async throws {
        try await withSimulator { simulator in
            simulator.setFaults([FaultRule(.dropBefore, times: 1), FaultRule(.dropAfter, times: 1)])
            try await withClient(simulator.url) { client in
                #expect(await client.send(hello).label == "uncertain")
                #expect(simulator.messageCount == 0 && simulator.requestCount == 1)
                #expect(await client.send(hello).label == "uncertain")
                #expect(simulator.messageCount == 1 && simulator.requestCount == 2)
            }
        }
    }

    @Test("A server that never answers is uncertain when the time is over")
    func hanging() async throws {
        try await withSimulator { simulator in
            simulator.setFaults([FaultRule(.hang, times: 1), FaultRule(.hangAfter)])
            try await withClient(simulator.url, timeout: .milliseconds(1_000)) { client in
                let begin = ContinuousClock.now
                guard case .uncertain(let reason, nil) = await client.send(hello) else {
                    Issue.record("not uncertain")
                    return
                }
                #expect(reason.hasPrefix("no_answer: "))
                #expect(begin.duration(to: .now) < .seconds(5))
                #expect(await client.send(hello).label == "uncertain")
                #expect(simulator.messageCount == 1)
            }
        }
    }

    @Test("A request that never got a connection was not written")
    func queued() async throws {
        try await withSimulator { simulator in
            simulator.setFaults([FaultRule(.hang)])
            try await withClient(simulator.url, concurrency: 1, timeout: .milliseconds(1_500)) { client in
                async let first = client.send(hello)
                #expect(await simulator.wait { $0.requestCount == 1 })
                // Cancelled in the queue: the only connection is taken.
                let second = Task { await client.send(hello) }
                second.cancel()
                #expect(await second.value.isNotWritten)
                #expect(await first.label == "uncertain")
                #expect(simulator.requestCount == 1)
            }
        }
    }

    @Test("A cancelled call ends at once, as uncertain once the body is written")
    func cancelled() async throws {
        try await withSimulator { simulator in
            simulator.setFaults([FaultRule(.hang)])
            try await withClient(simulator.url) { client in
                let sending = Task { await client.send(hello) }
                #expect(await simulator.wait { $0.requestCount == 1 })
                sending.cancel()
                #expect(await sending.value.label == "uncertain")
            }
        }
    }

    @Test("The probe distinguishes good credentials from bad ones, and sends nothing")
    func probe() async throws {
        try await withSimulator {
            $0.credentials = .init(apiKey: "abcd1234", apiSecret: "secret")
        } _: { simulator in
            let good = try await withClient(simulator.url) { await $0.probe() }
            guard case .credentialsAccepted = good else {
                Issue.record("\(good)")
                return
            }
            let bad = try await withClient(simulator.url, credentials: .basic(apiKey: "abcd1234", apiSecret: "x")) {
                await $0.probe()
            }
            guard case .accountTrouble(let problem) = bad else {
                Issue.record("\(bad)")
                return
            }
            #expect(problem.status == 401)
            simulator.setFaults([FaultRule(.status, status: "503")])
            #expect(try await withClient(simulator.url) { await $0.probe() } == .inconclusive(status: 503))
            #expect(simulator.messageCount == 0)
        }
    }

    @Test("Many at a time")
    func many() async throws {
        try await withSimulator { simulator in
            try await withClient(simulator.url, concurrency: 16) { client in
                // No more at a time than there are connections, as in the service.
                await withTaskGroup(of: String.self) { group in
                    for index in 0..<400 {
                        if index >= 16 { #expect(await group.next() == "accepted") }
                        group.addTask { await client.send(hello).label }
                    }
                    for await label in group { #expect(label == "accepted") }
                }
            }
            #expect(simulator.messageCount == 400)
            #expect(Set(simulator.messages.map(\.messageUUID)).count == 400)
        }
    }
}
