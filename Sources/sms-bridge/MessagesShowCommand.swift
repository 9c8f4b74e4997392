import App
import ArgumentParser
import Bridge
import Contracts
import Tools

/// `sms-bridge messages show`: one message and its timeline.
struct MessagesShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a message and everything that happened to it, in order.",
        discussion: """
            Each attempt, wait and decision with its reason, and the receipts. With --json one object: the message, and \
            its timeline under timeline. Exit codes: 65 the id is unknown, 69 the store is not there.
            """
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "The command's id; after -- where it begins with a dash.")
    var id: String

    func run() async throws {
        guard let id = CommandID(id) else {
            Terminal.complain("an id is 1 to 100 printable ASCII characters")
            throw ExitCode(Sysexits.dataError)
        }
        guard let found = try await MessagesCommand.open(try common.settings()).show(id) else {
            Terminal.complain("there is no message with the id \(id)")
            throw ExitCode(Sysexits.dataError)
        }
        if common.json {
            return Terminal.say(try JSONBytes.encode(Account(message: found.message, timeline: found.timeline)))
        }
        let message = found.message
        let summary: [(String, String?)] = [
            ("id", message.id), ("state", message.state), ("to", message.to), ("from", message.from),
            ("message uuid", message.messageUUID), ("campaign", message.campaignID),
            ("attempts", "\(message.attempts)"), ("segments", message.segments.map { "\($0)" }),
            ("why", message.why.isEmpty ? nil : message.why),
        ]
        for (name, value) in summary {
            if let value { Terminal.say("\(name): \(DeadLetters.Table.printable(value))") }
        }
        var table = DeadLetters.Table(["TIME", "WHAT", "UNTIL", "DETAIL"])
        for item in found.timeline { table.add([item.time, item.what, item.until ?? "-", item.detail]) }
        for line in table.lines(width: Terminal.width) { Terminal.say(line) }
    }

    private struct Account: Encodable {
        let message: MessageView
        let timeline: [TimelineItem]

        func encode(to encoder: any Encoder) throws {
            try message.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(timeline, forKey: .timeline)
        }

        private enum CodingKeys: CodingKey {
            case timeline
        }
    }
}
