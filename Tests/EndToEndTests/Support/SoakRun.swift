import AMQP
import Contracts
import Foundation
import Logging
import TestSupport
import Testing
import VonageSimulator

/// The course of one round: load while everything dies, then rest until all is settled, then the ledger.
struct SoakRun: Sendable {
    /// How long the rest may take: the longest is a wait for a receipt that a gap has prolonged.
    private static let patience: Duration = .seconds(240)

    let round: SoakRound
    let stage: SoakStage
    private let chaos: SoakChaos
    private let publisher: SoakPublisher
    private let collector = SoakCollector()
    private let events: AMQPConsumer
    private let replies: AMQPConsumer

    /// Runs a round.
    ///
    /// - Parameters:
    ///   - round: how long, and with which seed.
    ///   - folder: for the logs, the store and the journal.
    /// - Returns: the ledger, and a line about what died.
    /// - Throws: when the stage cannot be set up, or settled for the ledger.
    static func run(_ round: SoakRound, in folder: URL) async throws -> (ledger: SoakLedger, deaths: String) {
        // `PrivateNode.with` hands nothing out.
        var result: (SoakLedger, String)?
        try await PrivateNode.with { broker in
            var logger = Logger(label: "soak")
            logger.logLevel = .critical
            var configuration = try AMQPConfiguration(urls: broker.url, connectionName: "soak")
            configuration.reconnectDelay = .milliseconds(50) ... .milliseconds(500)
            let client = AMQPConnection(configuration: configuration, logger: logger)
            let stage = try SoakStage(
                broker: broker,
                client: client,
                folder: folder,
                variant: round.variant
            )
            defer { stage.clear() }
            result = try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await client.run() }
                defer { group.cancelAll() }
                try await client.waitUntilReady(within: .seconds(30))
                try await stage.declare()
                let run = try await SoakRun(round: round, stage: stage)
                return (try await run.whole(), run.deaths)
            }
        }
        return try #require(result)
    }

    private init(round: SoakRound, stage: SoakStage) async throws {
        self.round = round
        self.stage = stage
        chaos = SoakChaos(seed: round.seed, duration: round.duration)
        publisher = SoakPublisher(
            stage,
            seed: round.seed,
            perSecond: round.perSecond,
            mayLeaveOutIDs: round.variant.isAnonymous
        )
        events = try await stage.client.consume(queue: stage.collectedQueue, prefetch: 500)
        replies = try await stage.client.consume(queue: stage.replyQueue, prefetch: 100)
    }

    private var deaths: String {
        let counts = stage.deaths.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        let absence = stage.longestAbsence.formatted(.units(allowed: [.seconds, .milliseconds]))
        return "\(counts); the provider was away for \(absence) at most"
    }

    private func whole() async throws -> SoakLedger {
        try await stage.startSimulator()
        try stage.startService()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await collector.collect(.events, from: events) }
            group.addTask { await collector.collect(.replies, from: replies) }
            try await load()
            try await settle()
            await stage.endService(isGentle: true)
            group.cancelAll()
            try await group.waitForAll()
            await collector.collectRest(.events, from: events)
            await collector.collectRest(.replies, from: replies)
            let letters = try await stage.client.consume(queue: stage.names.dead, prefetch: 500)
            await collector.collectRest(.letters, from: letters)
            await stage.killSimulator()
            return try await ledger()
        }
    }

    // MARK: - Load

    private func load() async throws {
        let start = ContinuousClock.now
        // One that fails ends the others: without its broker a publisher would wait for ever.
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await publisher.run(for: round.duration) }
            group.addTask {
                try await play(chaos.service, since: start) { action in
                    await stage.endService(isGentle: action == .terminate)
                    try stage.startService()
                }
            }
            group.addTask {
                try await play(chaos.simulator, since: start) { _ in
                    await stage.killSimulator()
                    try await stage.startSimulator()
                }
            }
            group.addTask { try await play(chaos.broker, since: start) { try await stage.afflictBroker($0) } }
            group.addTask { try await play(chaos.faults, since: start) { await stage.dial($0) } }
            if round.variant.hasProxy {
                group.addTask { try await play(chaos.network, since: start) { await stage.afflictNetwork($0) } }
            }
            if round.variant.clockLibrary != nil {
                group.addTask { try await play(chaos.clock, since: start) { try await stage.setClockAhead(for: $0) } }
            }
            if round.variant.disk != nil {
                group.addTask { try await play(chaos.disk, since: start) { try await stage.fillDisk(for: $0) } }
            }
            group.addTask {
                let moments = stride(from: 0.3, to: round.duration / .seconds(1), by: 0.5)
                let steps = moments.map { SoakChaos.Step(at: .seconds($0), action: "soak \($0)") }
                try await play(steps, since: start) { await stage.sendFromHandset($0) }
            }
        }
    }

    /// Does one thing after the other, each at its time, or as soon as the one before is over.
    private func play<Action: Sendable>(
        _ steps: [SoakChaos.Step<Action>],
        since start: ContinuousClock.Instant,
        _ perform: (Action) async throws -> Void
    ) async throws {
        for step in steps {
            try await Task.sleep(until: start + step.at, clock: .continuous)
            try await perform(step.action)
        }
    }

    // MARK: - Rest

    /// Waits, with everything at work, until nothing more is under way.
    private func settle() async throws {
        await stage.dial([])
        try stage.startServiceIfItEnded()
        var calmLooks = 0
        let isSettled = try await eventually(within: Self.patience) {
            try await Task.sleep(for: .milliseconds(500))
            calmLooks = try await isCalm() ? calmLooks + 1 : 0
            // What is being handled stands in no queue; a second look finds it back there, or done.
            return calmLooks == 3
        }
        if !isSettled { stage.accident("not settled within \(Self.patience.formatted())") }
    }

    private func isCalm() async throws -> Bool {
        let confirmed = publisher.commands.filter { $0.value.copies > 0 }.keys
        guard collector.openCount(of: confirmed) == 0 else { return false }
        guard try await stage.standing().values.allSatisfy({ $0 == 0 }) else { return false }
        return SoakLedger.Provider(try SimulatorHistory(readingFrom: stage.journal)).owed == 0
    }

    private func ledger() async throws -> SoakLedger {
        SoakLedger(
            commands: publisher.commands,
            provider: SoakLedger.Provider(try SimulatorHistory(readingFrom: stage.journal)),
            events: collector.events,
            leftovers: try await stage.standing(),
            accidents: stage.accidents
        )
    }
}
