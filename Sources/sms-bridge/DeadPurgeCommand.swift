import App
import ArgumentParser
import Foundation
import Tools

/// `sms-bridge dead purge`: deletes dead letters.
struct DeadPurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Delete dead letters for good.",
        discussion: """
            Asks first on a terminal; without one it needs --yes. Dead letters that come after the question stay.
            Exit codes: 0 deleted, 65 an id is unknown (the others are deleted), 69 no broker or no such queue, 75 the \
            answer was not yes.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var chosen: DeadSelectionOptions

    @Flag(name: .long, help: "Do not ask.")
    var yes = false

    func validate() throws {
        guard yes || isatty(STDIN_FILENO) == 1 else {
            throw ValidationError("without a terminal nothing can be asked: --yes deletes unasked")
        }
    }

    func run() async throws {
        let settings = try common.settings()
        let selection = chosen.selection
        let choice = try await DeadCommand.withLetters(settings) { deadLetters, census in
            try await deadLetters.choose(selection, upTo: census.count)
        }
        DeadCommand.complain(ofUnknown: choice.unknownIDs)
        var count = 0
        if choice.count > 0 {
            // The dead letters are back while the question stands.
            guard yes || confirms(choice.count) else {
                Terminal.note("nothing was deleted")
                throw ExitCode(Sysexits.tempFail)
            }
            count = try await DeadCommand.withLetters(settings) { deadLetters, census in
                try await deadLetters.purge(choice, upTo: census.count)
            }
        }
        Terminal.say(common.json ? #"{"purged":\#(count)}"# : "\(count) deleted")
        if !choice.unknownIDs.isEmpty { throw ExitCode(Sysexits.dataError) }
    }

    private func confirms(_ count: Int) -> Bool {
        Terminal.ask("Delete \(count == 1 ? "1 dead letter" : "\(count) dead letters") for good? [y/N] ")
        let answer = readLine()?.lowercased() ?? ""
        return answer == "y" || answer == "yes"
    }
}
