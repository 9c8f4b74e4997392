import AMQP
import App
import ArgumentParser
import Contracts
import Tools

/// `sms-bridge dead`: the dead letters in `sms.dead`.
struct DeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "Look at the commands given up on, send them again, or delete them.",
        discussion: """
            Looking takes nothing away: the dead letters are given back, and stay in their order. A dead letter goes \
            by its command's id; one without any by its handle, which every one has: @ and twelve hexadecimal digits, \
            made from its body, its code, its origin and its times, so that it stays the same. An id means all its \
            dead letters.
            """,
        subcommands: [
            DeadListCommand.self, DeadShowCommand.self, DeadReplayCommand.self, DeadPurgeCommand.self,
        ]
    )

    /// Runs a body with the dead letters and how many there are, over a connection of its own.
    ///
    /// - Throws: what the body throws; exit code 69 when the broker, or the queue, is not there.
    static func withLetters<Value: Sendable>(
        _ settings: Settings,
        _ body: @Sendable (DeadLetters, DeadLetters.Census) async throws -> Value
    ) async throws -> Value {
        do {
            return try await AMQPConnection.withTool("dead", settings.broker) { connection, names in
                let deadLetters = DeadLetters(connection: connection, names: names)
                let census = try await deadLetters.census()
                if census.otherReaders > 0 {
                    Terminal.note("\(census.otherReaders) other readers hold dead letters, which are not seen here")
                }
                return try await body(deadLetters, census)
            }
        } catch let error as AMQPError {
            let hint = error.replyCode == 404 ? " (has the service ever run on this broker?)" : ""
            Terminal.complain("the dead letters cannot be reached: \(error.message)\(hint)")
            throw ExitCode(Sysexits.unavailable)
        }
    }

    /// Reports ids that no dead letter has.
    static func complain(ofUnknown ids: Set<String>) {
        for id in ids.sorted() { Terminal.complain("no dead letter has the id \(DeadLetters.Table.printable(id))") }
    }
}

/// Which dead letters something is done to: ids, a code, or all, and exactly one of these.
struct DeadSelectionOptions: ParsableArguments {
    @Argument(help: "Ids of commands, or handles of dead letters; after -- where one begins with a dash.")
    var ids: [String] = []

    @Option(name: .long, help: "All dead letters with this code, such as retries_exhausted.")
    var code: String?

    @Flag(name: .long, help: "All dead letters.")
    var all = false

    func validate() throws {
        let kinds = [!ids.isEmpty, code != nil, all].filter(\.self).count
        guard kinds == 1 else { throw ValidationError("name ids, or --code, or --all: exactly one of these") }
    }

    var selection: DeadLetters.Selection {
        if all { return .all }
        return code.map(DeadLetters.Selection.code) ?? .ids(ids)
    }
}
