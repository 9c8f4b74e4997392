import AMQP
import App
import ArgumentParser
import Contracts
import Tools

/// `sms-bridge unrouted`: the events in `sms.unrouted`.
struct UnroutedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unrouted",
        abstract: "Look at the events that no queue was bound for, and publish them again.",
        discussion: """
            The broker keeps them for 7 days, 100,000 at most, and then drops the oldest. Bind a queue first, then \
            replay. Looking takes nothing away.
            """,
        subcommands: [UnroutedListCommand.self, UnroutedReplayCommand.self]
    )

    /// Runs a body with the events and how many there are, over a connection of its own.
    ///
    /// - Throws: what the body throws; exit code 69 when the broker, or the queue, is not there.
    static func withEvents<Value: Sendable>(
        _ settings: Settings,
        _ body: @Sendable (UnroutedEvents, DeadLetters.Census) async throws -> Value
    ) async throws -> Value {
        do {
            return try await AMQPConnection.withTool("unrouted", settings.broker) { connection, names in
                let events = UnroutedEvents(connection: connection, names: names)
                let census = try await events.census()
                if census.otherReaders > 0 {
                    Terminal.note("\(census.otherReaders) other readers hold events, which are not seen here")
                }
                return try await body(events, census)
            }
        } catch let error as AMQPError {
            let hint = error.replyCode == 404 ? " (has the service ever run on this broker?)" : ""
            Terminal.complain("the unrouted events cannot be reached: \(error.message)\(hint)")
            throw ExitCode(Sysexits.unavailable)
        }
    }
}

/// `sms-bridge unrouted list`: a line for each event.
struct UnroutedListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the events that no queue was bound for, oldest first.",
        discussion: """
            A table, cut to the terminal's width, or with --json one object a line. Bodies, which hold numbers and \
            texts, are not shown.
            """
    )

    @OptionGroup var common: CommonOptions

    @Option(name: .long, help: "Only events whose routing key fits this binding pattern, such as 'delivered.*'.")
    var key: RoutingKeyPattern?

    @Option(name: .long, help: "At most so many events.")
    var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
    }

    func run() async throws {
        let settings = try common.settings()
        let table = try await UnroutedCommand.withEvents(settings) { events, census in
            var table = DeadLetters.Table(["EXCHANGE", "ROUTING KEY", "TIME", "ID"])
            var count = 0
            try await events.walk(upTo: census.count) { event in
                guard key?.fits(event.routingKey) ?? true else { return true }
                count += 1
                if common.json {
                    Terminal.say(try JSONBytes.encode(event.listing))
                } else {
                    table.add([event.exchange, event.routingKey, event.time ?? "-", event.id])
                }
                return count != limit
            }
            return table
        }
        guard !common.json else { return }
        // Printed when the events are back, however slowly the output is read.
        for line in table.lines(width: Terminal.width) { Terminal.say(line) }
        Terminal.note(table.count == 1 ? "1 event" : "\(table.count) events")
    }
}

extension RoutingKeyPattern: ExpressibleByArgument {
    /// Every text is a pattern.
    public init?(argument: String) {
        self.init(argument)
    }
}
