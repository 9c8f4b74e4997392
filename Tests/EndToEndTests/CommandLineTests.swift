import AMQP
import Contracts
import Foundation
import Testing
import VonageSimulator

@Suite("The command line", .enabled(if: World.brokerURL != nil), .timeLimit(.minutes(3)))
struct CommandLineTests {
    private func run(_ arguments: [String], in world: World, _ extra: [String: String] = [:]) async throws -> (
        Int32?, String
    ) {
        let environment = world.environment.merging(extra) { $1 }
        let process = try ServiceProcess(arguments, environment: environment, directory: world.folder)
        let code = await process.waitForExit()
        return (code, process.log)
    }

    @Test("send prints the outcome and exits 0; a refused one exits 65 with every problem")
    func send() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let (code, output) = try await run(
                ["send", "--to", "+14155550100", "--text", "Hi", "--id", "cli"],
                in: world
            )
            #expect(code == 0)
            #expect(output.contains("accepted"))
            #expect(output.contains(world.simulator.messages.first?.messageUUID ?? "none"))
            let (bad, problems) = try await run(["send", "--to", "12", "--text", "", "--json"], in: world)
            #expect(bad == 65)
            #expect(problems.contains(#""field":"to""#))
            #expect(problems.contains(#""field":"text""#))
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("send --json --no-wait prints valid JSON for any id", arguments: [#"a"b\c"#, "plain", "{}"])
    func noWait(id: String) async throws {
        try await World.with { world in
            try await world.declareTopology()
            let (code, output) = try await run(
                ["send", "--to", "+14155550100", "--text", "Hi", "--id", id, "--json", "--no-wait"],
                in: world
            )
            #expect(code == 0, "\(output)")
            let line = try #require(output.split(separator: "\n").last)
            let object = try JSONValue(parsing: Array(line.utf8))
            #expect(object == .object(["id": .string(id), "state": .string("pending")]))
        }
    }

    @Test("send to a broker where the service never ran says so, and exits 69")
    func nowhere() async throws {
        try await World.with { world in
            let (code, output) = try await run(["send", "--to", "+14155550100", "--text", "Hi"], in: world)
            #expect(code == 69)
            #expect(output.contains("was not taken"))
        }
    }

    @Test("check names what is wrong, and is content when nothing is")
    func check() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let (good, all) = try await run(["check"], in: world)
            #expect(good == 0, "\(all)")
            let (bad, output) = try await run(["check"], in: world, ["VONAGE_API_SECRET": "wrong"])
            #expect(bad == 69)
            #expect(output.contains("FAIL provider"))
            #expect(output.contains("next:"))
            #expect(!output.contains("wrong"))
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("check names a queue that has other arguments than it should")
    func otherArguments() async throws {
        try await World.with { world in
            try await world.declareTopology()
            try await world.client.deleteQueue(world.names.cancel)
            try await world.client.declare(
                AMQPTopology(queues: [AMQPQueue(world.names.cancel, arguments: ["x-queue-type": "quorum"])])
            )
            let (code, output) = try await run(["check"], in: world)
            #expect(code == 69)
            #expect(output.contains("FAIL topology"))
            #expect(output.contains(world.names.cancel))
        }
    }

    @Test("config shows each value and its origin, no secret, and every problem with exit code 78")
    func config() async throws {
        try await World.with { world in
            let (code, output) = try await run(["config", "--json"], in: world, ["SEND_RATE": "7/s"])
            #expect(code == 0, "\(output)")
            #expect(output.contains(#"{"name":"SEND_RATE","source":"environment","value":"7/s"}"#))
            #expect(output.contains(#"{"name":"SEND_CONCURRENCY","source":"default","value":"64"}"#))
            #expect(!output.contains("secret-of-the-test"))
            let (wrong, problems) = try await run(["config"], in: world, ["SEND_RATE": "fast", "PORT": "none"])
            #expect(wrong == 78)
            #expect(problems.contains("SEND_RATE") && problems.contains("PORT"))
        }
    }

    @Test("campaign and opt-outs import show on a terminal how far they are")
    func progress() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let recipients = "to\n" + (0..<200).map { "1415555\(1000 + $0)\n" }.joined()
            try Data(recipients.utf8).write(to: world.folder.appending(path: "recipients.csv"))
            let numbers = "number\n" + (0..<5_000).map { "1415\(6_000_000 + $0)\n" }.joined()
            try Data(numbers.utf8).write(to: world.folder.appending(path: "numbers.csv"))
            let binary = ServiceProcess.binary.path
            for (command, what) in [
                ("campaign --file recipients.csv --text Hi", " of 200"),
                ("opt-outs import numbers.csv", "5000 entries"),
            ] {
                // util-linux's script gives a program a terminal.
                let process = try ServiceProcess(
                    ["-qec", "\(binary) \(command)", "/dev/null"],
                    executable: URL(filePath: "/usr/bin/script"),
                    environment: world.environment,
                    directory: world.folder
                )
                #expect(await process.waitForExit() == 0, "\(process.log)")
                #expect(process.log.contains("[###"), "\(process.log)")
                #expect(process.log.contains(what), "\(process.log)")
            }
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a wrong configuration ends with 78 and every problem")
    func configuration() async throws {
        try await World.with { world in
            let (code, output) = try await run(
                ["serve"],
                in: world,
                ["SEND_TIMEOUT": "soon", "VONAGE_NUMBER": "??", "AMQP_HEARTBEAT": "x"]
            )
            #expect(code == 78)
            for variable in ["SEND_TIMEOUT", "VONAGE_NUMBER", "AMQP_HEARTBEAT"] { #expect(output.contains(variable)) }
        }
    }
}
