import App
import ArgumentParser
import Contracts
import Tools

/// `sms-bridge dead show`: everything about a dead letter.
struct DeadShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show everything about the dead letters of an id.",
        discussion: """
            The body holds a number and a text, so it is shown only with --body. The id can be a handle: @ and twelve \
            hexadecimal digits, as list prints it.
            Exit codes: 0 shown, 65 no such dead letter, 69 no broker or no such queue.
            """
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "The command's id, or the dead letter's handle.")
    var id: String

    @Flag(name: .long, help: "Show the body too.")
    var body = false

    func run() async throws {
        let settings = try common.settings()
        let unknown = try await DeadCommand.withLetters(settings) { deadLetters, census in
            var selection = DeadLetters.Selection.ids([id])
            var count = 0
            try await deadLetters.walk(upTo: census.count) { deadLetter in
                guard selection.takes(deadLetter) else { return .keep }
                if common.json {
                    Terminal.say(try JSONBytes.encode(deadLetter.account(withBody: body)))
                } else {
                    if count > 0 { Terminal.say("") }
                    for line in deadLetter.lines(withBody: body) { Terminal.say(line) }
                }
                count += 1
                return .keep
            }
            return selection.unknownIDs
        }
        guard unknown.isEmpty else {
            DeadCommand.complain(ofUnknown: unknown)
            throw ExitCode(Sysexits.dataError)
        }
    }
}
