import AMQP
import App
import ArgumentParser
import Contracts

/// `sms-bridge topology`: what stands at the broker.
struct TopologyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology",
        abstract: "Declare, check or print exchanges, queues and bindings."
    )

    enum Action: String, ExpressibleByArgument, CaseIterable {
        case declare, check, print
    }

    @OptionGroup var common: CommonOptions

    @Argument(help: "declare, check or print.")
    var action: Action

    func run() async throws {
        let settings = try common.settings()
        let names = BrokerNames(prefix: settings.broker.prefix)
        let topology = BrokerTopology.of(names, isDeclaring: action == .declare)
        guard action != .print else {
            for line in topology.lines { Terminal.say(line) }
            return
        }
        do {
            let problems = try await Doctor.withConnection(settings.broker) { connection in
                if action == .declare {
                    try await connection.declare(topology)
                    return [AMQPTopologyProblem]()
                }
                return try await connection.check(topology)
            }
            for problem in problems { Terminal.complain(problem.description) }
            if !problems.isEmpty { throw ExitCode(Sysexits.unavailable) }
            Terminal.say(action == .declare ? "declared" : "all there")
        } catch let error as AMQPError {
            Terminal.complain("\(error)")
            throw ExitCode(Sysexits.unavailable)
        }
    }
}

extension AMQPTopology {
    /// One line for each thing.
    fileprivate var lines: [String] {
        let exchanges = self.exchanges.map { "exchange \($0.name) \($0.kind.rawValue)\($0.arguments.listed)" }
        let queues = self.queues.map { "queue \($0.name)\($0.arguments.listed)" }
        let bindings = self.bindings.map { binding in
            switch binding.destination {
            case .queue(let queue): "binding \(binding.source) -> \(queue) \(binding.routingKey)"
            case .exchange(let exchange): "binding \(binding.source) -> exchange \(exchange) \(binding.routingKey)"
            }
        }
        return exchanges + queues + bindings
    }
}

extension AMQPTable {
    fileprivate var listed: String {
        sorted { $0.key < $1.key }.map { key, value in
            switch value {
            case .string(let text): " \(key)=\(text)"
            case .int(let number): " \(key)=\(number)"
            case .bool(let flag): " \(key)=\(flag)"
            default: " \(key)=…"
            }
        }.joined()
    }
}
