import App
import ArgumentParser
import Contracts
import Tools

/// `sms-bridge dead list`: a line for each dead letter.
struct DeadListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the dead letters, oldest first.",
        discussion: """
            A table, cut to the terminal's width, or with --json one object a line. Nothing is taken away. A dead \
            letter without an id is listed by its handle, @ and twelve hexadecimal digits, which show, replay and \
            purge take too.
            Advice: replay (it can work), fix (correct the command or the account first), never (the handset may have \
            it).
            """
    )

    /// Characters of a detail that the table keeps in memory.
    private static let detailLimit = 300

    @OptionGroup var common: CommonOptions

    @Option(name: .long, help: "Only dead letters with this code.")
    var code: String?

    @Option(name: .long, help: "At most so many dead letters.")
    var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
    }

    func run() async throws {
        let settings = try common.settings()
        let table = try await DeadCommand.withLetters(settings) { deadLetters, census in
            try await collect(deadLetters, census)
        }
        guard let table else { return }
        // Printed when the dead letters are back, however slowly the output is read.
        for line in table.lines(width: Terminal.width) { Terminal.say(line) }
        Terminal.note(table.count == 1 ? "1 dead letter" : "\(table.count) dead letters")
    }

    private func collect(_ deadLetters: DeadLetters, _ census: DeadLetters.Census) async throws -> DeadLetters.Table? {
        var selection = code.map(DeadLetters.Selection.code) ?? .all
        var table = DeadLetters.Table(["ID", "CODE", "ATTEMPTS", "ADVICE", "DETAIL"])
        var count = 0
        try await deadLetters.walk(upTo: census.count) { deadLetter in
            if let limit, count >= limit { return .stop }
            guard selection.takes(deadLetter) else { return .keep }
            count += 1
            if common.json {
                Terminal.say(try JSONBytes.encode(deadLetter.listing))
            } else {
                table.add([
                    deadLetter.id, deadLetter.code, deadLetter.attempts.map(String.init) ?? "-",
                    deadLetter.advice?.rawValue ?? "-",
                    String(deadLetter.detail.prefix(Self.detailLimit)),
                ])
            }
            return count == limit ? .stop : .keep
        }
        return common.json ? nil : table
    }
}
