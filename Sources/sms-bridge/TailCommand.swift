import AMQP
import App
import ArgumentParser
import Contracts
import Tools

/// `sms-bridge tail`: prints events as they come.
struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Print events as they are published, until Ctrl-C.",
        discussion: "Binds a temporary queue, so no other consumer loses events. Without names it follows all three."
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "outbound, status, inbound.")
    var streams: [EventTail.Stream] = EventTail.Stream.allCases

    func run() async throws {
        let settings = try common.settings()
        do {
            try await AMQPConnection.withTool("tail", settings.broker) { connection, names in
                let events = try await EventTail(connection: connection, names: names).follow(streams)
                Terminal.note("listening")
                for await event in events { show(event) }
            }
        } catch let error as AMQPError {
            Terminal.complain("cannot follow: \(error.message) (has the service ever run on this broker?)")
            throw ExitCode(Sysexits.unavailable)
        }
    }

    private func show(_ delivery: AMQPDelivery) {
        guard !common.json else { return Terminal.say(delivery.body) }
        guard let event = Headline(delivery.body) else { return Terminal.say(delivery.body) }
        // Each on one line: the publisher of an event could else forge another.
        let subject = event.subject.map(DeadLetters.Table.printable) ?? "-"
        Terminal.say(
            DeadLetters.Table.printable(String(event.time.dropFirst(11))) + "  ",
            DeadLetters.Table.printable(event.type),
            in: event.tone,
            "  \(subject)  \(event.data)"
        )
    }

    /// What every event has.
    private struct Headline {
        let type: String
        let subject: String?
        let time: String
        /// As JSON.
        let data: String

        init?(_ body: [UInt8]) {
            guard let members = (try? JSONValue(parsing: body))?.members, let type = members["type"]?.scalarText,
                let time = members["time"]?.scalarText
            else { return nil }
            self.type = type
            self.time = time
            subject = members["subject"]?.scalarText
            data = members["data"].map { String(decoding: JSONBytes.encode($0), as: UTF8.self) } ?? ""
        }

        /// Green for what went well, red for what did not, yellow for what is open, blue for what came in.
        var tone: Terminal.Colour {
            switch type.split(separator: ".").last {
            case "accepted", "delivered", "completed": .green
            case "rejected", "failed", "undeliverable", "invalid": .red
            case "message", "opt-out", "opt-in", "other": .blue
            default: .yellow
            }
        }
    }
}

extension EventTail.Stream: ExpressibleByArgument {}
