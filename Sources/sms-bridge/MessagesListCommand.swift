import App
import ArgumentParser
import Bridge
import Contracts
import SMSCore
import Tools

/// `sms-bridge messages list`: a line for each message.
struct MessagesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List messages, the newest first.",
        discussion: """
            A table, cut to the terminal's width, or with --json one object a line. Messages are known for \
            RECORD_RETENTION.
            """
    )

    @OptionGroup var common: CommonOptions

    @Option(name: .long, help: "Only messages to this number, E.164.")
    var to: String?

    @Option(name: .long, help: "Only messages from this sender.")
    var from: String?

    @Option(name: .long, help: "Only messages in this state: pending, sending, uncertain, or an outcome.")
    var state: String?

    @Option(name: .long, help: "Only messages of this campaign.")
    var campaign: String?

    @Option(name: .long, help: "Only messages taken at this time or later, RFC 3339.")
    var since: String?

    @Option(name: .long, help: "Only messages taken before this time, RFC 3339.")
    var until: String?

    @Option(name: .long, help: "At most so many messages.")
    var limit = 50

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit is at least 1") }
        guard state == nil || state.flatMap(MessageStateWord.init) != nil else {
            let words = MessageStateWord.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--state is one of \(words)")
        }
        for (name, text) in [("since", since), ("until", until)] {
            if let text, Timestamp(rfc3339: text) == nil {
                throw ValidationError("--\(name) is a time as RFC 3339 has it, such as 2026-11-28T09:00:00Z")
            }
        }
    }

    func run() async throws {
        var query = MessageQuery(limit: 1)
        query.to = try to.map { try CommandLineValue.number($0).e164 }
        query.from = try from.map { try CommandLineValue.sender($0).display }
        query.state = state.flatMap(MessageStateWord.init)
        query.campaignID = campaign
        query.since = since.flatMap(Timestamp.init(rfc3339:))
        query.until = until.flatMap(Timestamp.init(rfc3339:))
        var table = DeadLetters.Table(["ID", "STATE", "TO", "FROM", "ATTEMPTS", "TAKEN", "WHY"])
        try await MessagesCommand.open(try common.settings()).walk(query, limit: limit) { message in
            if common.json { return Terminal.say(try JSONBytes.encode(message)) }
            table.add([
                message.id, message.state, message.to ?? "-", message.from ?? "-", "\(message.attempts)",
                message.createdAt, message.why,
            ])
        }
        guard !common.json else { return }
        for line in table.lines(width: Terminal.width) { Terminal.say(line) }
        Terminal.note(table.count == 1 ? "1 message" : "\(table.count) messages")
    }
}

extension MessageView {
    /// Why it is not sent, or waits; empty where there is nothing to say.
    var why: String {
        if let error { return error.detail.isEmpty ? error.code.rawValue : error.detail }
        guard let waiting else { return "" }
        return "\(waiting.reason) until \(waiting.until)" + (waiting.detail.map { ": \($0)" } ?? "")
    }
}
