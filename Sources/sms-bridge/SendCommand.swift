import AMQP
import App
import ArgumentParser
import Contracts
import Tools

/// `sms-bridge send`: publishes a command, waits for its outcome and prints it.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send one SMS through the queue and print its outcome.",
        discussion: """
            Exit codes: 0 accepted (or, with --no-wait, taken by the broker), 65 any other outcome, 69 no broker or no \
            such queue, 75 no outcome within the wait.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var hours: WindowOptions

    @Option(name: .long, help: "The recipient: an international number.")
    var to: String

    @Option(name: .long, parsing: .unconditional, help: "The text; \"-\" reads it from standard input.")
    var text: String

    @Option(name: .long, help: "The sender; default VONAGE_NUMBER of the service.")
    var from: String?

    @Option(name: .long, help: "The idempotency key; a random one by default.")
    var id: String?

    @Option(name: .long, help: "The lane: send or bulk.")
    var lane: Lane = .send

    @Flag(name: .long, help: "Return once the broker has the command.")
    var noWait = false

    @Option(name: .long, help: "How many seconds to wait for the outcome.")
    var wait: Int = 30

    func run() async throws {
        let settings = try common.settings()
        let id = self.id ?? CommandID.random().text
        let body = try JSONBytes.encode(
            Body(to: to, text: CommandLineValue.text(text), from: from, window: hours.read())
        )
        do {
            try await AMQPConnection.withTool("send", settings.broker) { connection, names in
                let client = CommandClient(connection: connection, names: names)
                if noWait {
                    try await client.publish(body, id: id, lane: lane)
                    try report(.pending(id: id), isAwaited: false)
                } else {
                    try report(try await client.send(body, id: id, lane: lane, wait: .seconds(wait)), isAwaited: true)
                }
            }
        } catch let error as AMQPError {
            let hint = error.code == .returned ? " (has the service ever run on this broker?)" : ""
            Terminal.complain("the command was not taken: \(error.message)\(hint)")
            throw ExitCode(Sysexits.unavailable)
        }
    }

    private func report(_ answer: CommandClient.Answer, isAwaited: Bool) throws {
        switch answer {
        case .event(let event, let json):
            if common.json { Terminal.say(json) } else { Terminal.say(event.data.summary(of: event.type)) }
            if event.type != "sms.outbound.accepted" { throw ExitCode(Sysexits.dataError) }
        case .pending(let id):
            if common.json {
                Terminal.say(JSONBytes.object([("id", id), ("state", "pending")]))
            } else {
                Terminal.say("taken by the broker, id \(id)")
            }
            if isAwaited { throw ExitCode(Sysexits.tempFail) }
        }
    }

    private struct Body: Encodable {
        let to: String
        let text: String
        let from: String?
        let window: SendWindow?
    }
}

extension Lane: ExpressibleByArgument {}

extension OutboundEvent {
    /// The outcome in a line for people.
    fileprivate func summary(of type: String) -> String {
        let outcome = type.split(separator: ".").last.map(String.init) ?? type
        var words = [outcome, "id=\(commandID)"]
        if let messageUUID { words.append("message_uuid=\(messageUUID)") }
        if let segments, let encoding { words.append("segments=\(segments) (\(encoding))") }
        words.append("attempts=\(attempts)")
        guard let error else { return words.joined(separator: "  ") }
        let problems = (error.problems ?? []).map { "\n  \($0.field): \($0.problem)" }.joined()
        return words.joined(separator: "  ") + "\n\(error.code.rawValue): "
            + (problems.isEmpty ? error.detail : error.title + problems)
    }
}
