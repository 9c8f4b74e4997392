import AMQP
import App
import AsyncHTTPClient
import Contracts
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import TestSupport
import Testing
import VonageSimulator

/// Where a run takes place: a broker of its own, the service and the simulator in processes that really die.
///
/// Each of the three is handled by one course of the chaos only; the stage keeps what all of them need.
final class SoakStage: Sendable {
    let broker: PrivateNode
    let client: AMQPConnection
    let names = BrokerNames(prefix: "soak")
    let folder: URL
    /// Commands' replies go here; the name is none of ours.
    let replyQueue = "answers"
    /// All events go here.
    let collectedQueue = "collected"

    private let variant: SoakVariant
    /// Only in the variant that has one.
    private let proxy: SoakProxy?
    /// Where the service has its store.
    private let storeFolder: URL
    private let environment: [String: String]
    private let simulatorPort: UInt16
    private let servicePort: UInt16
    private let state = Mutex(State())

    private struct State {
        var service: SoakProcess?
        var simulator: SoakProcess?
        var faults: [FaultRule] = []
        var deaths: [String: Int] = [:]
        var accidents: [String] = []
        var longestAbsence: Duration = .zero
        var isDiskFull = false
        /// Whether the disk was full since the service was started: then it may have ended by itself.
        var mayServiceEnd = false
    }

    init(
        broker: PrivateNode,
        client: AMQPConnection,
        folder: URL,
        variant: SoakVariant
    ) throws {
        self.broker = broker
        self.client = client
        self.folder = folder
        self.variant = variant
        storeFolder = variant.disk?.appending(path: folder.lastPathComponent) ?? folder
        try FileManager.default.createDirectory(at: storeFolder, withIntermediateDirectories: true)
        var serviceURL = broker.url
        if variant.hasProxy {
            var address = try #require(URLComponents(string: broker.url))
            let brokerPort = address.port.flatMap { UInt16(exactly: $0) }
            let proxy = try SoakProxy(brokerPort: try #require(brokerPort))
            address.port = Int(proxy.port)
            serviceURL = try #require(address.string)
            self.proxy = proxy
        } else {
            proxy = nil
        }
        simulatorPort = try FreePort.lasting()
        servicePort = try FreePort.lasting()
        environment = [
            "AMQP_URL": serviceURL,
            "AMQP_PREFIX": names.prefix,
            "VONAGE_API_KEY": "abcd1234",
            "VONAGE_API_SECRET": "secret-of-the-soak",
            "VONAGE_API_URL": "http://127.0.0.1:\(simulatorPort)",
            "VONAGE_NUMBER": "14155550199",
            "VONAGE_SIGNATURE_SECRET": "signature-secret",
            "HTTP_HOST": "127.0.0.1",
            "PORT": "\(servicePort)",
            "STORE_URL": "sqlite:\(storeFolder.path)/ledger.db",
            "LOG_FORMAT": "json",
            "SEND_RATE": variant.rate.map { "\($0)/s" } ?? "0",
            "SEND_CONCURRENCY": "64",
            "SEND_TIMEOUT": "2s",
            "UNCERTAIN_WAIT": "8s",
            "RETRY_DELAYS": "200ms,1s,2s",
            "RETRY_MAX_ATTEMPTS": "50",
            "SHUTDOWN_GRACE": "5s",
        ]
    }

    /// The file in which the simulator keeps what it has accepted.
    var journal: String { folder.appending(path: "journal").path }
    /// How often each has died so far.
    var deaths: [String: Int] { state.withLock { $0.deaths } }
    /// What ended unbidden, or not as it should.
    var accidents: [String] { state.withLock { $0.accidents } }
    /// How long the provider was away at a time, at most.
    var longestAbsence: Duration { state.withLock { $0.longestAbsence } }

    /// Declares everything, so that commands can be published and events are kept before the service is there.
    func declare() async throws {
        try await client.declare(BrokerTopology.of(names, isDeclaring: true))
        let quorum: AMQPTable = ["x-queue-type": "quorum"]
        let exchanges = [names.outbound, names.status, names.inbound]
        try await client.declare(
            AMQPTopology(
                queues: [
                    AMQPQueue(collectedQueue, arguments: quorum), AMQPQueue(replyQueue, arguments: quorum),
                ],
                bindings: exchanges.map { AMQPBinding(from: $0, to: .queue(collectedQueue), routingKey: "#") }
            )
        )
    }

    /// How many messages stand in our own queues, but for the dead letters.
    func standing() async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for queue in BrokerTopology.of(names, isDeclaring: true).queues.map(\.name) where queue != names.dead {
            counts[queue] = try await client.queueInfo(queue)?.readyCount
        }
        return counts
    }

    // MARK: - The service

    func startService() throws {
        let log = folder.appending(path: "service.log")
        var environment = self.environment
        if let library = variant.clockLibrary {
            environment["LD_PRELOAD"] = library
            environment["SOAK_CLOCK_FILE"] = clockFile.path
        }
        let service = try SoakProcess(["serve"], environment: environment, directory: folder, log: log)
        state.withLock { state in
            state.service = service
            state.mayServiceEnd = state.isDiskFull
        }
    }

    /// Starts the service where it has ended by itself because of its disk, as a supervisor would.
    func startServiceIfItEnded() throws {
        guard let service = state.withLock({ $0.mayServiceEnd ? $0.service : nil }), !service.isRunning else { return }
        count("service ended by its disk")
        try startService()
    }

    /// Ends the service.
    ///
    /// - Parameter isGentle: by SIGTERM, after which it has 20 s.
    func endService(isGentle: Bool) async {
        guard let service = state.withLock({ $0.service }) else { return }
        let mayEnd = state.withLock { $0.mayServiceEnd }
        if mayEnd, !service.isRunning { return count("service ended by its disk") }
        note(isGentle ? "service stopped" : "service killed", isAlive: service.isRunning, "the service")
        if isGentle {
            service.terminate()
            switch await service.waitForExit(within: .seconds(20)) {
            case 0: return
            case .some where service.diedInItsStart: return
            // What it had to write down first, it could not.
            case .some where mayEnd: return count("service stopped on a full disk")
            case nil: accident("the service did not end within 20 s of SIGTERM")
            case .some(let code): accident("the service ended with \(code) after SIGTERM")
            }
        }
        service.killNow()
        if await service.waitForExit(within: .seconds(20)) == nil { accident("the service survived SIGKILL") }
    }

    // MARK: - The simulator

    /// Starts the simulator on its journal, and waits until it answers and has its faults.
    func startSimulator() async throws {
        let start = ContinuousClock.now
        let simulator = try SoakProcess(
            [
                "simulate", "--port", "\(simulatorPort)", "--webhooks", "http://127.0.0.1:\(servicePort)",
                "--webhook-retry", "200ms", "--journal", journal,
            ],
            environment: environment,
            directory: folder,
            log: folder.appending(path: "simulator.log")
        )
        state.withLock { $0.simulator = simulator }
        try #require(try await eventually(within: .seconds(60)) { await dial() }, "the simulator does not answer")
        state.withLock { $0.longestAbsence = max($0.longestAbsence, .now - start) }
    }

    func killSimulator() async {
        guard let simulator = state.withLock({ $0.simulator }) else { return }
        note("simulator killed", isAlive: simulator.isRunning, "the simulator")
        simulator.killNow()
        if await simulator.waitForExit(within: .seconds(20)) == nil { accident("the simulator survived SIGKILL") }
    }

    /// Has the simulator make other faults, now and after its next start.
    func dial(_ faults: [FaultRule]) async {
        state.withLock { $0.faults = faults }
        _ = await dial()
    }

    private func dial() async -> Bool {
        let rules = state.withLock { $0.faults }
        guard let body = try? JSONEncoder().encode(rules) else { return false }
        return await ask(.PUT, "faults", body) == 200
    }

    /// Has a handset send a message; one that the simulator does not take was never sent.
    func sendFromHandset(_ text: String) async {
        _ = await ask(.POST, "inbound", Data(#"{"from": "14155550100", "to": "14155550199", "text": "\#(text)"}"#.utf8))
    }

    private func ask(_ method: HTTPMethod, _ path: String, _ body: Data) async -> UInt? {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(simulatorPort)/simulator/\(path)")
        request.method = method
        request.body = .bytes(ByteBuffer(bytes: body))
        return try? await HTTPClient.shared.execute(request, timeout: .seconds(5)).status.code
    }

    // MARK: - The broker

    /// Does something to the broker, after which it runs again.
    func afflictBroker(_ action: SoakChaos.BrokerAction) async throws {
        switch action {
        case .kill:
            note("broker killed", isAlive: true, "")
            try await broker("kill")
            try await broker("start")
        case .stop:
            note("broker stopped", isAlive: true, "")
            try await broker("stop")
            try await broker("start")
        case .freeze(let pause):
            note("broker frozen", isAlive: true, "")
            try await broker("pause")
            try? await Task.sleep(for: pause)
            try await broker("resume")
        }
    }

    // MARK: - Variants

    /// While it exists the service's wall clock is ahead.
    private var clockFile: URL { folder.appending(path: "clock-is-ahead") }

    /// Loses one direction of one of the service's connections to the broker, then closes the connection.
    func afflictNetwork(_ action: SoakChaos.NetworkAction) async {
        if await proxy?.lose(action.direction, for: action.pause, choice: action.choice) == true {
            count("connection half lost")
        }
    }

    /// Sets the service's wall clock ahead by a month, and back after a while.
    func setClockAhead(for pause: Duration) async throws {
        try Data().write(to: clockFile)
        defer { try? FileManager.default.removeItem(at: clockFile) }
        count("clock ahead")
        try await Task.sleep(for: pause)
    }

    /// Fills the disk of the store for a while.
    func fillDisk(for pause: Duration) async throws {
        guard let disk = variant.disk else { return }
        state.withLock { state in
            state.isDiskFull = true
            state.mayServiceEnd = true
        }
        defer { state.withLock { $0.isDiskFull = false } }
        count("disk full")
        try await SoakDisk(folder: disk).fill(for: pause)
    }

    /// Ends the proxy, and brings the store to the logs.
    func clear() {
        proxy?.stop()
        guard variant.disk != nil else { return }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: storeFolder.path)) ?? []
        for file in files {
            let target = folder.appending(path: file)
            try? FileManager.default.copyItem(at: storeFolder.appending(path: file), to: target)
        }
        try? FileManager.default.removeItem(at: storeFolder)
    }

    // MARK: - Notes

    private func count(_ event: String) { state.withLock { $0.deaths[event, default: 0] += 1 } }

    private func note(_ death: String, isAlive: Bool, _ who: String) {
        state.withLock { state in
            state.deaths[death, default: 0] += 1
            if !isAlive { state.accidents.append("\(who) had ended by itself before it was to end") }
        }
    }

    func accident(_ what: String) { state.withLock { $0.accidents.append(what) } }
}
