import AMQP
import App
import Contracts
import Foundation
import Logging
import Testing
import VonageSimulator

/// One test's world: a simulator, names of its own at the shared broker, a folder, and a client that watches the events.
struct World: Sendable {
    /// The broker that the test script has started; without it these tests are skipped.
    static let brokerURL = ProcessInfo.processInfo.environment["SMS_BRIDGE_TEST_AMQP_URL"]

    let simulator: VonageSimulator
    let names: BrokerNames
    let folder: URL
    let client: AMQPConnection
    /// What comes to `sms.outbound`.
    let events: AMQPConsumer
    /// What comes to `sms.status` and `sms.inbound`.
    let webhookEvents: AMQPConsumer
    /// Where the service listens.
    let url: String
    /// Settings for the service, as environment variables.
    let environment: [String: String]

    /// Makes a world, runs a body in it, and clears it away.
    static func with(
        brokerURL: String? = World.brokerURL,
        extra: [String: String] = [:],
        _ body: @escaping @Sendable (World) async throws -> Void
    ) async throws {
        let url = try #require(brokerURL)
        let prefix = "t" + UUID().uuidString.lowercased().prefix(8)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sms-bridge-\(prefix)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var logger = Logger(label: "e2e")
        logger.logLevel = .critical
        var configuration = VonageSimulatorConfiguration()
        let port = try FreePort.any()
        configuration.webhooks = "http://127.0.0.1:\(port)"
        configuration.signatureSecret = "signature-secret"
        configuration.webhookRetry = .milliseconds(200)
        configuration.credentials = SimulatorCredentials(apiKey: "abcd1234", apiSecret: "secret-of-the-test")
        let simulator = try await VonageSimulator(configuration: configuration, logger: logger)
        var broker = try AMQPConfiguration(urls: url, connectionName: "test \(prefix)")
        broker.reconnectDelay = .milliseconds(50) ... .milliseconds(500)
        let client = AMQPConnection(configuration: broker, logger: logger)
        let names = BrokerNames(prefix: String(prefix))
        let environment = [
            "AMQP_URL": url,
            "AMQP_PREFIX": names.prefix,
            "VONAGE_API_KEY": "abcd1234",
            "VONAGE_API_SECRET": "secret-of-the-test",
            "VONAGE_API_URL": simulator.url,
            "VONAGE_NUMBER": "14155550199",
            "VONAGE_SIGNATURE_SECRET": "signature-secret",
            "HTTP_HOST": "127.0.0.1",
            "API_LOOPBACK": "true",
            "PORT": "\(port)",
            "STORE_URL": "sqlite:\(folder.path)/ledger.db",
            "LOG_FORMAT": "json",
        ].merging(extra) { $1 }

        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await simulator.run() }
            group.addTask { try await client.run() }
            try await client.waitUntilReady(within: .seconds(30))
            // The watcher's exchange must exist before the service declares it, equal in every argument.
            let exchanges = [names.outbound, names.status, names.inbound]
            try await client.declare(
                AMQPTopology(
                    exchanges: exchanges.map { name in
                        AMQPExchange(name, .topic, arguments: ["alternate-exchange": .string(names.unrouted)])
                    }
                )
            )
            let events = try await client.consumeTemporary(bindings: [
                AMQPTemporaryBinding(exchange: names.outbound, routingKey: "#")
            ])
            let webhookEvents = try await client.consumeTemporary(bindings: [
                AMQPTemporaryBinding(exchange: names.status, routingKey: "#"),
                AMQPTemporaryBinding(exchange: names.inbound, routingKey: "#"),
            ])
            try await webhookEvents.waitUntilSubscribed(within: .seconds(30))
            try await events.waitUntilSubscribed(within: .seconds(30))
            let world = World(
                simulator: simulator,
                names: names,
                folder: folder,
                client: client,
                events: events,
                webhookEvents: webhookEvents,
                url: "http://127.0.0.1:\(port)",
                environment: environment
            )
            let result: Result<Void, any Error>
            do {
                try await body(world)
                result = .success(())
            } catch {
                result = .failure(error)
            }
            await world.removeTopology()
            group.cancelAll()
            while (try? await group.next()) != nil {}
            try result.get()
        }
    }

    /// Starts `serve` and waits until it consumes.
    func startService(_ extra: [String: String] = [:]) async throws -> ServiceProcess {
        let service = try ServiceProcess(
            ["serve"],
            environment: environment.merging(extra) { $1 },
            directory: folder
        )
        try await service.waitForOutput(#""message":"ready""#)
        return service
    }

    /// Declares what the service would, so that commands can be published before it runs.
    func declareTopology() async throws {
        try await client.declare(BrokerTopology.of(names, isDeclaring: true))
    }

    /// Publishes a command as any other client would.
    func publish(
        _ body: String,
        id: String?,
        lane: Lane = .send,
        replyTo: String? = nil,
        timeout: Duration = .seconds(30)
    ) async throws {
        try await publish(Array(body.utf8), id: id, lane: lane, replyTo: replyTo, timeout: timeout)
    }

    /// Publishes another kind of command, by its routing key.
    func publish(_ body: String, key: String, id: String?) async throws {
        let properties = AMQPProperties(contentType: "application/json", deliveryMode: .persistent, messageId: id)
        try await client.publish(
            AMQPMessage(body: Array(body.utf8), properties: properties),
            to: names.commands,
            routingKey: key,
            timeout: .seconds(30)
        )
    }

    func publish(
        _ body: [UInt8],
        id: String?,
        lane: Lane = .send,
        replyTo: String? = nil,
        timeout: Duration = .seconds(30)
    ) async throws {
        let properties = AMQPProperties(
            contentType: "application/json",
            deliveryMode: .persistent,
            replyTo: replyTo,
            messageId: id
        )
        try await client.publish(
            AMQPMessage(body: body, properties: properties),
            to: names.commands,
            routingKey: lane.routingKey,
            timeout: timeout
        )
    }

    /// Collects what comes to these exchanges in a queue that outlives the broker's restart, as `events` does not.
    func durableEvents(of exchanges: [String]) async throws -> AMQPConsumer {
        let queue = names.prefix + ".collected"
        try await client.declare(
            AMQPTopology(
                queues: [AMQPQueue(queue, arguments: ["x-queue-type": "quorum"])],
                bindings: exchanges.map { AMQPBinding(from: $0, to: .queue(queue), routingKey: "#") }
            )
        )
        return try await client.consume(queue: queue, prefetch: 100)
    }

    /// The next event, decoded.
    func nextEvent(within limit: Duration = .seconds(30)) async throws -> CloudEvent<OutboundEvent> {
        let delivery = try #require(await events.next(within: limit), "no event came")
        return try JSONDecoder().decode(CloudEvent<OutboundEvent>.self, from: Data(delivery.body))
    }

    /// The next event of a webhook, decoded.
    func nextWebhookEvent<Content>(
        _ content: Content.Type = StatusEvent.self,
        within limit: Duration = .seconds(30)
    ) async throws -> CloudEvent<Content> {
        let delivery = try #require(await webhookEvents.next(within: limit), "no event of a webhook came")
        return try JSONDecoder().decode(CloudEvent<Content>.self, from: Data(delivery.body))
    }

    /// As many events as asked for, by their ids.
    func events(_ count: Int, within limit: Duration = .seconds(60)) async throws -> [CloudEvent<OutboundEvent>] {
        var events: [CloudEvent<OutboundEvent>] = []
        for _ in 0..<count { events.append(try await nextEvent(within: limit)) }
        return events
    }

    private func removeTopology() async {
        // A test that failed while its broker was stopped would wait here for each of them.
        guard client.state.isConnected else { return }
        let topology = BrokerTopology.of(names, isDeclaring: true)
        for queue in topology.queues.map(\.name) + [names.prefix + ".collected"] {
            _ = try? await client.deleteQueue(queue)
        }
        for exchange in topology.exchanges { try? await client.deleteExchange(exchange.name) }
    }
}
