import AMQP
import App
import ArgumentParser
import Contracts
import Tools

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
            if common.json { return Terminal.say(JSONBytes.encode(topology.json)) }
            for line in topology.lines { Terminal.say(line) }
            return
        }
        do {
            let problems = try await AMQPConnection.withTool("topology", settings.broker) { connection, _ in
                if action == .declare {
                    try await connection.declare(topology)
                    return [AMQPTopologyProblem]()
                }
                return try await connection.check(topology)
            }
            for problem in problems { Terminal.complain(problem.description) }
            if !problems.isEmpty { throw ExitCode(Sysexits.unavailable) }
            let done = action == .declare ? "declared" : "all there"
            Terminal.say(common.json ? #"{"topology":"\#(done)"}"# : done)
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

extension AMQPTopology {
    /// As RabbitMQ's definitions have it.
    fileprivate var json: JSONValue {
        let bindings = self.bindings.map { binding -> JSONValue in
            let (destination, type) =
                switch binding.destination {
                case .queue(let name): (name, "queue")
                case .exchange(let name): (name, "exchange")
                }
            return .object([
                "source": .string(binding.source), "destination": .string(destination),
                "destination_type": .string(type), "routing_key": .string(binding.routingKey),
            ])
        }
        return .object([
            "exchanges": .array(
                exchanges.map {
                    .object([
                        "name": .string($0.name), "type": .string($0.kind.rawValue), "durable": .bool($0.isDurable),
                        "arguments": $0.arguments.json,
                    ])
                }
            ),
            "queues": .array(
                queues.map {
                    .object([
                        "name": .string($0.name), "durable": .bool($0.isDurable), "arguments": $0.arguments.json,
                    ])
                }
            ),
            "bindings": .array(bindings),
        ])
    }
}

extension AMQPTable {
    fileprivate var json: JSONValue {
        .object(
            mapValues { value in
                if let number = value.intValue { return .integer(number) }
                if let text = value.stringValue { return .string(text) }
                if let flag = value.boolValue { return .bool(flag) }
                // Our topology has no other kind of argument.
                return .null
            }
        )
    }

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
