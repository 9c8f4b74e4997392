import AMQP
import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import VonageSimulator

/// The broker goes away for some seconds, as in an upgrade: each test has a node of its own, and really stops it.
@Suite(
    "The broker stops and comes back",
    .enabled(if: PrivateNode.script != nil),
    .serialized,
    .timeLimit(.minutes(3))
)
struct BrokerOutageTests {
    @Test("the broker stopped and started in mid-run: all resumes by itself, nothing is lost, nothing sent twice")
    func commands() async throws {
        try await withWorld { broker, world in
            let count = 300
            // So slow that the run is not over before the broker is.
            world.simulator.setFaults([FaultRule(.slow, latencyMS: 200)])
            let service = try await world.startService(["SEND_CONCURRENCY": "16"])
            var published = Published(try await world.durableEvents(of: [world.names.outbound]))

            async let failures = publish(count, in: world)
            #expect(await world.simulator.wait(.seconds(30)) { $0.requestCount >= 50 })
            try await broker("stop")
            try await broker("start")
            #expect(try await failures > 0, "the publisher did not notice the outage")

            try await published.take(count)
            service.terminate()
            #expect(await service.waitForExit() == 0)
            try await published.takeRest()
            let ids = (0..<count).map { "o-\($0)" }
            #expect(Set(published.events.map(\.id)).symmetricDifference(ids.map { "\($0)/accepted" }).sorted() == [])
            #expect(world.simulator.requestCount == count)
            let references = world.simulator.messages.compactMap(\.clientRef)
            #expect(references.count == count)
            #expect(Set(references).symmetricDifference(ids).sorted() == [])
            for queue in [world.names.queue(of: .send), world.names.dead] {
                #expect(try await world.client.queueInfo(queue)?.readyCount == 0)
            }
        }
    }

    /// Runs a body in a world with a broker of its own.
    private func withWorld(_ body: @escaping @Sendable (PrivateNode, World) async throws -> Void) async throws {
        try await PrivateNode.with { broker in
            try await World.with(brokerURL: broker.url) { world in try await body(broker, world) }
        }
    }

    /// Publishes as a client does that has to be sure: each command again, under the same id, until it is confirmed.
    ///
    /// The last third waits for the outage, so that it cannot be missed.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - world: where.
    /// - Returns: how many tries failed.
    /// - Throws: what no repetition helps against; `CancellationError`.
    private func publish(_ count: Int, in world: World) async throws -> Int {
        var failures = 0
        for number in 0..<count {
            if number == count * 2 / 3 {
                let isOutage = try await eventually(within: .seconds(60)) {
                    world.client.status.connectCount > 1 || !world.client.state.isConnected
                }
                try #require(isOutage)
            }
            var isConfirmed = false
            while !isConfirmed {
                do {
                    let body = #"{"to": "14155550100", "text": "x"}"#
                    try await world.publish(body, id: "o-\(number)", timeout: .seconds(1))
                    isConfirmed = true
                } catch let error as AMQPError where error.isRetriable {
                    failures += 1
                }
            }
        }
        return failures
    }

    @Test("webhooks while the broker is away: nothing answered 200 is lost, and each message's come in order")
    func webhooks() async throws {
        try await withWorld { broker, world in
            let numbers = (0..<60).map { "141555501\($0 + 10)" }
            // Receipts are posted here, so that it is known when.
            world.simulator.setFaults([FaultRule(.noReceipt)])
            let service = try await world.startService()
            var published = Published(try await world.durableEvents(of: [world.names.status, world.names.inbound]))
            for number in numbers { try await world.publish(#"{"to": "\#(number)", "text": "x"}"#, id: number) }
            _ = try await world.events(numbers.count)
            let messages = world.simulator.messages
            let (early, middle, late) = (messages[..<20], messages[20..<40], messages[40...])

            try await Provider.with(world) { provider in
                try await broker("stop")
                let connections: Set = ["broker.consume", "broker.publish"]
                #expect(try await eventually { try await provider.ill("ready").isSuperset(of: connections) })
                // The spool is emptied in batches: what was first has to stay first within one, over two, and behind all.
                // Each is reported twice, since the provider repeats what it believes unanswered.
                var answers = try await provider.report(["submitted", "submitted"], of: early + middle)
                answers += try await provider.report(["delivered", "delivered"], of: early)
                let texts = numbers.flatMap { number in
                    (0..<15).map { world.simulator.receiveInbound(from: number, to: "14155550199", text: "\($0)") }
                }
                #expect(await world.simulator.wait(.seconds(30)) { $0.webhooks.count >= texts.count })
                #expect(world.simulator.webhooks.allSatisfy { $0.answer == 200 })
                answers += try await provider.report(["delivered"], of: middle)
                answers += try await provider.report(["submitted"], of: late)
                #expect(try await provider.ill("webhooks").isEmpty)
                #expect(try await provider.ill("ready").isSuperset(of: connections))

                try await broker("start")
                #expect(
                    try await eventually(within: .seconds(60)) {
                        try await !provider.ill("ready").contains("broker.publish")
                    }
                )
                answers += try await provider.report(["delivered"], of: late)
                #expect(answers.allSatisfy { $0.status == 200 && $0.duration < .seconds(3) }, "\(answers)")
                let count = 2 * messages.count + texts.count
                try await published.take(count)
                #expect(try await eventually(within: .seconds(60)) { try await provider.ill("ready").isEmpty })
                service.terminate()
                #expect(await service.waitForExit() == 0)
                try await published.takeRest()
                #expect(Set(published.events.map(\.id)).count == count)
                let types = published.typesBySubject
                let receipts = ["sms.status.submitted", "sms.status.delivered"]
                #expect(messages.map(\.messageUUID).filter { types[$0] != receipts } == [])
                #expect(texts.filter { types[$0] != ["sms.inbound.message"] } == [])
            }
        }
    }
}

/// The events that a consumer got, in order, repeats included.
private struct Published {
    struct Event: Decodable {
        let id: String
        let type: String
        let subject: String
    }

    private(set) var events: [Event] = []
    private let consumer: AMQPConsumer

    init(_ consumer: AMQPConsumer) { self.consumer = consumer }

    /// Takes events until there are so many different ones.
    mutating func take(_ count: Int) async throws {
        var ids = Set(events.map(\.id))
        while ids.count < count {
            let delivery = await consumer.next(within: .seconds(60))
            let event = try add(#require(delivery, "\(ids.count) of \(count) events came"))
            ids.insert(event.id)
        }
    }

    /// Takes what is still in the queue.
    mutating func takeRest() async throws {
        while let delivery = await consumer.next(within: .milliseconds(500)) { try add(delivery) }
    }

    /// What was published of each message, in order; a repeat right behind the first event counts once.
    var typesBySubject: [String: [String]] {
        events.reduce(into: [:]) { types, event in
            if types[event.subject]?.last != event.type { types[event.subject, default: []].append(event.type) }
        }
    }

    @discardableResult
    private mutating func add(_ delivery: AMQPDelivery) throws -> Event {
        let event = try JSONDecoder().decode(Event.self, from: Data(delivery.body))
        events.append(event)
        delivery.ack()
        return event
    }
}

/// Posts receipts as the provider does, signed, and sees how each is answered; asks for the service's health besides.
private struct Provider: Sendable {
    struct Answer: Sendable {
        let status: UInt
        let duration: Duration
    }

    private let client: HTTPClient
    private let url: String
    private let signer: WebhookSigner

    static func with(_ world: World, _ body: (Provider) async throws -> Void) async throws {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            let signer = WebhookSigner(secret: "signature-secret", apiKey: "abcd1234", applicationID: nil)
            try await body(Provider(client: client, url: world.url, signer: signer))
        }
    }

    /// Reports on messages side by side, on each in the given order.
    func report(_ statuses: [String], of messages: some Sequence<SimulatedMessage>) async throws -> [Answer] {
        try await withThrowingTaskGroup(of: [Answer].self) { group in
            for message in messages {
                group.addTask {
                    var answers: [Answer] = []
                    for status in statuses { answers.append(try await report(status, of: message)) }
                    return answers
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func report(_ status: String, of message: SimulatedMessage) async throws -> Answer {
        let step = ReceiptPlan.Step(status: status, age: status == "delivered" ? 15 : 0)
        let body = Array(try JSONEncoder().encode(ReceiptPayload(message, step)))
        var request = HTTPClientRequest(url: url + "/webhooks/status")
        request.method = .POST
        request.headers = [
            "Content-Type": "application/json", "Authorization": signer.header(for: body, now: Date()),
        ]
        request.body = .bytes(body)
        let start = ContinuousClock.now
        let response = try await client.execute(request, timeout: .seconds(10))
        _ = try await response.body.collect(upTo: 100_000)
        return Answer(status: response.status.code, duration: ContinuousClock.now - start)
    }

    /// What is not well, as far as one of the health routes says.
    func ill(_ route: String) async throws -> Set<String> {
        struct Report: Decodable {
            struct Dependency: Decodable {
                let name: String
                let ok: Bool
            }
            let dependencies: [Dependency]
        }
        let response = try await client.execute(
            HTTPClientRequest(url: url + "/health/" + route),
            timeout: .seconds(10)
        )
        let body = try await response.body.collect(upTo: 100_000)
        let report = try JSONDecoder().decode(Report.self, from: Data(body.readableBytesView))
        let ill = Set(report.dependencies.filter { !$0.ok }.map(\.name))
        #expect(response.status == (ill.isEmpty ? .ok : .serviceUnavailable))
        return ill
    }
}
