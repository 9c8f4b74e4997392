import VonageSimulator

/// What dies and what goes wrong in a run, and when; all of it follows from the seed.
///
/// The courses run side by side, so that one thing dies while another is away. The last three belong to variants.
struct SoakChaos: Sendable, Equatable {
    /// Something that happens so long after the run's beginning.
    struct Step<Action: Sendable & Equatable>: Sendable, Equatable {
        let at: Duration
        let action: Action
    }

    /// Each is started again at once.
    enum ServiceAction: Sendable, Equatable {
        /// SIGKILL.
        case kill
        /// SIGTERM, as in a deployment.
        case terminate
    }

    /// SIGKILL, and at once its successor.
    enum SimulatorAction: Sendable, Equatable { case kill }

    /// Each is started again at once, which takes the node some seconds.
    enum BrokerAction: Sendable, Equatable {
        case kill
        case stop
        /// It hangs for a while, with its connections open.
        case freeze(Duration)
    }

    /// One direction of one connection to the broker is lost for a while, then the connection is closed.
    struct NetworkAction: Sendable, Equatable {
        let direction: SoakProxy.Direction
        let pause: Duration
        /// Chooses the connection among those that there are.
        let choice: Int
    }

    let service: [Step<ServiceAction>]
    let simulator: [Step<SimulatorAction>]
    let broker: [Step<BrokerAction>]
    /// The faults that are dialled in, until the next ones.
    let faults: [Step<[FaultRule]>]
    let network: [Step<NetworkAction>]
    /// For how long the wall clock is ahead, once in a run.
    let clock: [Step<Duration>]
    /// For how long the disk is full.
    let disk: [Step<Duration>]

    /// Makes the schedule of a run.
    ///
    /// The number of deaths follows from the duration alone; the seed chooses when and how.
    ///
    /// - Parameters:
    ///   - seed: chooses.
    ///   - duration: how long commands are published.
    init(seed: UInt64, duration: Duration) {
        func steps<Action>(
            every interval: Duration,
            _ stream: UInt64,
            _ choose: (inout SoakRandom) -> Action
        ) -> [Step<Action>] {
            var random = SoakRandom(seed: seed, stream: stream)
            let count = max(Int(duration / interval), 1)
            let moments = (0..<count).map { _ in random.duration(duration * 0.05...duration * 0.95) }.sorted()
            return moments.map { Step(at: $0, action: choose(&random)) }
        }
        service = steps(every: .seconds(5), 1) { $0.happens(0.25) ? .terminate : .kill }
        simulator = steps(every: .seconds(10), 2) { _ in .kill }
        broker = steps(every: .seconds(25), 3) { random in
            switch Int.random(in: 0..<5, using: &random) {
            case 0...1: .kill
            case 2...3: .stop
            default: .freeze(random.duration(.seconds(1) ... .seconds(4)))
            }
        }
        faults = steps(every: .seconds(3), 4, Self.rules)
        network = steps(every: .seconds(10), 5) { random in
            NetworkAction(
                direction: random.happens(0.5) ? .toBroker : .fromBroker,
                pause: random.duration(.seconds(1) ... .seconds(8)),
                choice: Int.random(in: 0..<1_000, using: &random)
            )
        }
        var random = SoakRandom(seed: seed, stream: 6)
        clock = [Step(at: random.duration(duration * 0.1...duration * 0.3), action: min(.seconds(60), duration * 0.4))]
        disk = steps(every: .seconds(25), 7) { $0.duration(.seconds(2) ... .seconds(8)) }
    }

    /// Some of all faults, most of them in one request of twenty.
    private static func rules(_ random: inout SoakRandom) -> [FaultRule] {
        let all: [FaultRule] = [
            FaultRule(.status, rate: 0.05, status: "503"),
            FaultRule(.status, rate: 0.05, status: "500"),
            FaultRule(.status, rate: 0.03, status: "502", body: .html),
            FaultRule(.status, rate: 0.05, status: "429", retryAfter: 1),
            // Refusals are final, and the account's trouble stops everything for a while: fewer of them.
            FaultRule(.status, rate: 0.02, status: "422"),
            FaultRule(.status, rate: 0.005, status: "402"),
            FaultRule(.dropBefore, rate: 0.05),
            FaultRule(.dropAfter, rate: 0.05),
            FaultRule(.hang, rate: 0.05),
            FaultRule(.hangAfter, rate: 0.05),
            // Up to beyond SEND_TIMEOUT.
            FaultRule(.slow, rate: 0.05, latencyMS: Int.random(in: 100...2_500, using: &random)),
            FaultRule(.duplicateReceipts, rate: 0.05),
            FaultRule(.reorderedReceipts, rate: 0.05),
            // Far below UNCERTAIN_WAIT, beyond which `auto` may rightly send again.
            FaultRule(.lateReceipt, rate: 0.05, delayMS: Int.random(in: 100...1_500, using: &random)),
            FaultRule(.failReceipt, rate: 0.05),
            FaultRule(.unsignedReceipt, rate: 0.05),
        ]
        return all.shuffled(using: &random).filter { _ in random.happens(0.6) }
    }
}
