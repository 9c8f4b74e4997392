import AMQP
import ArgumentParser
import Contracts
import Foundation
import Logging
import SMSCore
import VonageSimulator

/// The whole way, queue to event, against the least that the broker takes for the same: one confirmed publish.
struct BrokerBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract: "Needs SMS_BRIDGE_TEST_AMQP_URL; the service runs as a process beside it."
    )

    @Option(help: "Commands.")
    var commands = 5_000

    @Option(help: "The service's binary.")
    var binary: String

    func run() async throws {
        guard let url = ProcessInfo.processInfo.environment["SMS_BRIDGE_TEST_AMQP_URL"] else {
            print("broker: skipped, SMS_BRIDGE_TEST_AMQP_URL is not set")
            return
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "bench-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var logger = Logger(label: "bench")
        logger.logLevel = .critical
        let simulator = try await VonageSimulator(configuration: VonageSimulatorConfiguration(), logger: logger)
        let names = BrokerNames(prefix: "bench" + UUID().uuidString.lowercased().prefix(6))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await simulator.run() }
            try await AMQPConnection.withConnection(
                AMQPConfiguration(urls: url, connectionName: "bench"),
                logger: logger
            ) { client in
                try await client.waitUntilReady(within: .seconds(30))
                let service = try start(names, url, simulator.url, in: folder)
                defer { service.terminate() }
                try await waitForTopology(names, client)
                try await measure(names, client, service)
                service.terminate()
                service.waitUntilExit()
                try await remove(names, client)
            }
            group.cancelAll()
        }
    }

    private func measure(_ names: BrokerNames, _ client: AMQPConnection, _ service: Process) async throws {
        let events = try await client.consumeTemporary(bindings: [
            AMQPTemporaryBinding(exchange: names.outbound, routingKey: "accepted")
        ])
        try await events.waitUntilSubscribed(within: .seconds(30))
        let plain = try await publishing(to: names.unrouted, key: "x", client)
        let before = Self.processorSeconds(of: service.processIdentifier)
        let start = ContinuousClock.now
        async let confirmations: Void = {
            for _ in 0..<commands { _ = await events.next(within: .seconds(60)) }
        }()
        _ = try await publishing(to: names.commands, key: "send", client)
        await confirmations
        let whole = Double(commands) / (ContinuousClock.now - start).seconds
        let processor = Self.processorSeconds(of: service.processIdentifier) - before
        let perTenThousand = Double(Int(processor / Double(commands) * 1e6)) / 100
        print(
            "broker: \(Int(plain)) confirmed publishes/s, \(Int(whole)) commands/s from queue to event,",
            "\(Int(whole / plain * 100)) % of it; the service took \(perTenThousand) CPU s for 10,000"
        )
    }

    /// Publishes all commands, 256 at a time.
    private func publishing(to exchange: String, key: String, _ client: AMQPConnection) async throws -> Double {
        let commands = commands
        let time = try await ContinuousClock().measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<256 {
                    group.addTask {
                        for index in stride(from: lane, to: commands, by: 256) {
                            let body = #"{"to": "1415\#(5_000_000 + index)", "text": "x"}"#
                            try await client.publish(
                                AMQPMessage(
                                    body: Array(body.utf8),
                                    properties: AMQPProperties(deliveryMode: .persistent, messageId: "\(index)")
                                ),
                                to: exchange,
                                routingKey: key
                            )
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        return Double(commands) / time.seconds
    }

    private func start(_ names: BrokerNames, _ url: String, _ provider: String, in folder: URL) throws -> Process {
        let service = Process()
        service.executableURL = URL(filePath: binary)
        service.arguments = ["serve"]
        service.environment = [
            "AMQP_URL": url, "AMQP_PREFIX": names.prefix, "VONAGE_API_KEY": "abcd1234", "VONAGE_API_SECRET": "secret",
            "VONAGE_API_URL": provider, "VONAGE_NUMBER": "14155550199", "HTTP_HOST": "127.0.0.1", "PORT": "0",
            "STORE_URL": "sqlite:\(folder.path)/ledger.db", "SEND_RATE": "0", "LOG_LEVEL": "warning",
            "PATH": "/usr/bin:/bin",
        ]
        service.standardOutput = FileHandle.nullDevice
        service.currentDirectoryURL = folder
        try service.run()
        return service
    }

    private func waitForTopology(_ names: BrokerNames, _ client: AMQPConnection) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            if let info = try await client.queueInfo(names.queue(of: .send)), info.consumerCount > 0 { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw ValidationError("the service does not consume")
    }

    private func remove(_ names: BrokerNames, _ client: AMQPConnection) async throws {
        let levels = WaitLevel.allCases.map { names.retry($0.name) }
        let lanes = Lane.allCases.flatMap { [names.queue(of: $0), names.dueQueue(of: $0)] }
        for queue in lanes + levels + [names.campaign, names.cancel, names.dead, names.unrouted] {
            try await client.deleteQueue(queue)
        }
        let exchanges = [names.commands, names.due, names.outbound, names.status, names.inbound, names.unrouted]
        for exchange in exchanges + levels {
            try await client.deleteExchange(exchange)
        }
    }

    /// User and system time of a process, from `/proc`.
    private static func processorSeconds(of process: Int32) -> Double {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return 0 }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let kernel = Double(fields[12]) else { return 0 }
        return (user + kernel) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
