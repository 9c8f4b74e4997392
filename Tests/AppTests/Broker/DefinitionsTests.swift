import AMQP
import App
import Contracts
import Foundation
import Testing

@Suite("docker/rabbitmq/definitions.json")
struct DefinitionsTests {
    /// Variables that mean nothing in the compose file: its definitions have the prefix, and the container its ports.
    private static let leftOut = ["AMQP_PREFIX", "AMQP_HEARTBEAT", "HTTP_HOST", "HTTP_PORT", "WEBHOOK_PORT"]

    private static var file: Data {
        get throws {
            try Data(contentsOf: RepositoryFiles.location("docker/rabbitmq/definitions.json"))
        }
    }

    private struct Definitions: Decodable {
        struct Entity: Decodable, Hashable {
            let name: String
            let type: String?
            let durable: Bool
            let arguments: [String: Value]

            /// A queue's type is among its arguments; RabbitMQ's exports repeat it beside them.
            var withoutType: Entity { Entity(name: name, type: nil, durable: durable, arguments: arguments) }
        }

        struct Binding: Decodable, Hashable {
            let source: String
            let destination: String
            let routingKey: String

            enum CodingKeys: String, CodingKey {
                case source, destination
                case routingKey = "routing_key"
            }
        }

        let exchanges: [Entity]
        let queues: [Entity]
        let bindings: [Binding]
    }

    /// An argument: these are the kinds that our topology has.
    private enum Value: Decodable, Hashable {
        case text(String)
        case number(Int64)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int64.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        init?(_ value: AMQPValue) {
            if let number = value.intValue {
                self = .number(number)
            } else if let text = value.stringValue {
                self = .text(text)
            } else {
                return nil
            }
        }
    }

    @Test("stands for the very topology that the service declares, in every argument")
    func equal() throws {
        let definitions = try JSONDecoder().decode(Definitions.self, from: Self.file)
        let topology = BrokerTopology.of(BrokerNames(), isDeclaring: true)
        let exchanges = topology.exchanges.map {
            Definitions.Entity(
                name: $0.name,
                type: $0.kind.rawValue,
                durable: $0.isDurable,
                arguments: $0.arguments.compactMapValues(Value.init)
            )
        }
        let queues = topology.queues.map {
            Definitions.Entity(
                name: $0.name,
                type: nil,
                durable: $0.isDurable,
                arguments: $0.arguments.compactMapValues(Value.init)
            )
        }
        let bindings = topology.bindings.compactMap { binding -> Definitions.Binding? in
            guard case .queue(let queue) = binding.destination else { return nil }
            return Definitions.Binding(source: binding.source, destination: queue, routingKey: binding.routingKey)
        }
        #expect(Set(definitions.exchanges) == Set(exchanges))
        #expect(Set(definitions.queues.map(\.withoutType)) == Set(queues))
        #expect(Set(definitions.bindings) == Set(bindings))
        #expect(bindings.count == topology.bindings.count)
    }

    @Test("what has waited comes back to a queue of its own for each lane, and not to the lane's tail")
    func due() {
        let names = BrokerNames()
        let topology = BrokerTopology.of(names, isDeclaring: true)
        let waits = topology.queues.filter { $0.name.hasPrefix("sms.retry.wait.") }
        #expect(waits.count > 10)
        for wait in waits { #expect(wait.arguments["x-dead-letter-exchange"]?.stringValue == "sms.retry.due") }
        let back = topology.bindings.filter { $0.source == "sms.retry.due" }
        #expect(Set(back.map(\.routingKey)) == ["send", "send.bulk"])
        for lane in Lane.allCases {
            let queues = back.filter { $0.routingKey == lane.routingKey }.map(\.destination)
            #expect(queues == [.queue(names.dueQueue(of: lane))])
        }
    }

    @Test("begins with a line that docker/rabbitmq/entrypoint.sh adds the users behind")
    func firstLine() throws {
        #expect(try Self.file.starts(with: Data("{\n".utf8)))
    }

    @Test("docker/compose.yaml hands on every variable but those that are fixed there or left out on purpose")
    func variables() throws {
        let compose = try RepositoryFiles.text("docker/compose.yaml")
        let leftOut = Variable.all.filter { !compose.contains($0.name) }
        #expect(leftOut.map(\.name) == Self.leftOut)
    }

    @Test(
        "compose files and the Kubernetes manifests pass every secret as a file, none by the environment",
        arguments: [
            "compose.yaml", "compose.tls.yaml", "compose.test.yaml", "compose.demo.yaml",
            "kubernetes/base/statefulset.yaml",
            "kubernetes/overlays/sqlite/statefulset.yaml", "kubernetes/overlays/postgres/statefulset.yaml",
        ]
    )
    func secretsAreFiles(file: String) throws {
        let text = try RepositoryFiles.text("docker/\(file)")
        let isOfName: (Character) -> Bool = { $0.isASCII && ($0.isLetter || $0.isNumber || "_:".contains($0)) }
        let words = Set(text.split { !isOfName($0) }.map(String.init))
        let byEnvironment = Variable.all.filter { variable in
            // Where records are kept holds no password here.
            variable.fileName != nil && variable.name != "STORE_URL"
                && (words.contains(variable.name + ":") || text.contains("name: \(variable.name)\n"))
        }
        #expect(byEnvironment.map(\.name) == [])
    }

    @Test("holds no password and no hash of one")
    func secrets() throws {
        #expect(try !String(decoding: Self.file, as: UTF8.self).contains("password"))
    }
}
