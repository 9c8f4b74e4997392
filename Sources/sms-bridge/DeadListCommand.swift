import App
import ArgumentParser
import Contracts
import Tools

/// `sms-bridge dead list`: a line for each letter.
struct DeadListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the letters, oldest first.",
        discussion: """
            A table, cut to the terminal's width, or with --json one object a line. Nothing is taken away. A letter \
            without an id is listed by its handle, @ and twelve hexadecimal digits, which show, replay and purge take too.
            Advice: replay (it can work), fix (mend the command or the account first), never (the handset may have it).
            """
    )

    /// Characters of a detail that the table keeps in memory.
    private static let detailLimit = 300

    @OptionGroup var common: CommonOptions

    @Option(name: .long, help: "Only letters with this code.")
    var code: String?

    @Option(name: .long, help: "At most so many letters.")
    var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
    }

    func run() async throws {
        let settings = try common.settings()
        let table = try await DeadCommand.withLetters(settings) { letters, census in
            try await collect(letters, census)
        }
        guard let table else { return }
        // Printed when the letters are back, however slowly somebody reads.
        for line in table.lines(width: Terminal.width) { Terminal.say(line) }
        Terminal.note(table.count == 1 ? "1 letter" : "\(table.count) letters")
    }

    private func collect(_ letters: DeadLetters, _ census: DeadLetters.Census) async throws -> DeadLetters.Table? {
        var selection = code.map(DeadLetters.Selection.code) ?? .all
        var table = DeadLetters.Table(["ID", "CODE", "ATTEMPTS", "ADVICE", "DETAIL"])
        var count = 0
        try await letters.walk(upTo: census.count) { letter in
            if let limit, count >= limit { return .stop }
            guard selection.takes(letter) else { return .keep }
            count += 1
            if common.json {
                Terminal.say(try JSONBytes.encode(letter.listing))
            } else {
                table.add([
                    letter.id, letter.code, letter.attempts.map(String.init) ?? "-", letter.advice?.rawValue ?? "-",
                    String(letter.detail.prefix(Self.detailLimit)),
                ])
            }
            return count == limit ? .stop : .keep
        }
        return common.json ? nil : table
    }
}
