import AMQP
import App
import ArgumentParser
import Contracts
import Foundation
import Tools

/// `sms-bridge campaign`: publishes a file of recipients as one campaign, and follows it to its end.
struct CampaignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "campaign",
        abstract: "Send one text to all recipients in a file, and follow it to its end.",
        discussion: """
            The file is CSV whose first line names the columns, one of them "to", or JSON lines (.jsonl): strings, or \
            objects with "to". The other columns fill the text's variables, as in --text 'Hi {{name}}'. With the same \
            --id the same file can be sent again after any failure: no recipient gets a second message.

            Exit codes: 0 completed (or, with --no-wait, taken by the broker), 65 the file or the campaign is invalid, \
            or it was cancelled, 66 the file cannot be read, 69 no broker or no such queue, 75 not over within --wait.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var hours: WindowOptions

    @Option(name: .long, help: "The file of recipients; \"-\" reads it from standard input.", completion: .file())
    var file: String

    @Option(
        name: .long,
        parsing: .unconditional,
        help: "The text, with {{column}} for what differs; \"-\" reads it from standard input."
    )
    var text: String

    @Option(name: .long, help: "The sender; default VONAGE_NUMBER of the service.")
    var from: String?

    @Option(name: .long, help: "The campaign's id; a random one by default.")
    var id: String?

    @Option(name: .long, help: "csv or jsonl; by default the file's ending decides.")
    var format: CampaignFile.Format?

    @Option(name: .long, help: "Not before this time (RFC 3339).")
    var sendAt: String?

    @Option(name: .long, help: "Never after this time (RFC 3339).")
    var expiresAt: String?

    @Option(name: .long, help: "Send nothing that takes more segments than this.")
    var maxSegments: Int?

    @Flag(name: .long, help: "Replace typographic characters where that saves segments.")
    var smartEncoding = false

    @Flag(name: .long, help: "Return once the broker has the campaign.")
    var noWait = false

    @Option(name: .long, help: "How many seconds to wait for the end; as long as it takes by default.")
    var wait: Int?

    func run() async throws {
        let settings = try common.settings()
        let id = self.id ?? CommandID.random().text
        guard file != "-" || text != "-" else {
            throw ValidationError("--file and --text cannot both be read from standard input")
        }
        let fields = try fields(text: try CommandLineValue.text(text))
        let meter = ProgressMeter(isShown: !common.json)
        let isAwaited = !noWait
        let limit = wait.map { Duration.seconds($0) }
        do {
            let draft = CampaignClient.Draft(
                id: id,
                fields: fields,
                file: try CampaignFile(source: file, format: format)
            )
            let end = try await AMQPConnection.withTool("campaign", settings.broker) { connection, names in
                try await CampaignClient(connection: connection, names: names)
                    .run(draft, isAwaited: isAwaited, limit: limit, onProgress: meter.show)
            }
            meter.clear()
            try report(end, id: id)
        } catch let problem where problem is CSVProblem || problem is CSVProblems {
            meter.clear()
            Terminal.complain("\(file), nothing was published: \(problem)")
            throw ExitCode(Sysexits.dataError)
        } catch let error as AMQPError {
            meter.clear()
            let hint = error.code == .returned ? " (has the service ever run on this broker?)" : ""
            Terminal.complain("the campaign was not taken as a whole: \(error.message)\(hint); its id is \(id)")
            throw ExitCode(Sysexits.unavailable)
        } catch let error as CocoaError {
            meter.clear()
            Terminal.complain("\(file) cannot be read: \(error.localizedDescription)")
            throw ExitCode(Sysexits.noInput)
        }
    }

    private func fields(text: String) throws -> [String: JSONValue] {
        var fields: [String: JSONValue] = ["text": .string(text)]
        fields["from"] = from.map(JSONValue.string)
        fields["send_at"] = sendAt.map(JSONValue.string)
        fields["expires_at"] = expiresAt.map(JSONValue.string)
        fields["max_segments"] = maxSegments.map { .integer(Int64($0)) }
        fields["window"] = try hours.read().map { try JSONValue(parsing: JSONBytes.encode($0)) }
        if smartEncoding { fields["smart_encoding"] = .bool(true) }
        return fields
    }

    private func report(_ end: CampaignClient.End, id: String) throws {
        switch end {
        case .completed(let event, let json):
            if common.json { Terminal.say(json) } else { Terminal.say(event.summary) }
            if event.state != "completed" { throw ExitCode(Sysexits.dataError) }
        case .invalid(let error, let json):
            if common.json {
                Terminal.say(json)
            } else {
                Terminal.say("invalid  id=\(id)  nothing was sent")
                for problem in error?.problems ?? [] { Terminal.say("  \(problem.field): \(problem.problem)") }
                let more = (error?.problemCount ?? 0) - (error?.problems?.count ?? 0)
                if more > 0 { Terminal.say("  and \(more) more") }
            }
            throw ExitCode(Sysexits.dataError)
        case .pending(let recipients, let parts):
            let answer = Pending(id: id, state: "pending", recipients: recipients, parts: parts)
            if common.json {
                Terminal.say(try JSONBytes.encode(answer))
            } else {
                Terminal.say("taken by the broker, id \(id), \(recipients) recipients in \(parts) parts")
            }
            if !noWait { throw ExitCode(Sysexits.tempFail) }
        }
    }

    private struct Pending: Encodable {
        let id: String
        let state: String
        let recipients: Int
        let parts: Int
    }
}

extension CampaignFile.Format: ExpressibleByArgument {}

extension Sysexits {
    /// An input file cannot be read (EX_NOINPUT).
    static let noInput: Int32 = 66
}

extension CampaignEvent {
    /// How it stands, in a line for people.
    fileprivate var summary: String {
        let counts = [
            ("accepted", accepted), ("rejected", rejected), ("failed", failed), ("suppressed", suppressed),
            ("expired", expired), ("invalid", invalid), ("cancelled", cancelled), ("uncertain", uncertain),
            ("pending", pending),
        ]
        let parts = counts.filter { $0.1 > 0 }.map { "\($0.0)=\($0.1)" }
        let head = ["\(state)  id=\(campaignID)", "recipients=\(recipients)"]
        return (head + parts + (duplicates > 0 ? ["duplicates=\(duplicates)"] : [])).joined(separator: "  ")
    }
}

extension ProgressMeter {
    /// Draws how far a campaign is.
    fileprivate func show(_ progress: CampaignClient.Progress) {
        switch progress {
        case .published(let part, let parts):
            draw(part, parts, "\(part) of \(parts) parts published")
        case .event(let event):
            let done = event.recipients - event.pending - event.uncertain
            draw(done, event.recipients, "\(done) of \(event.recipients)  \(event.state)")
        }
    }
}
