import ArgumentParser
import Contracts
import SMSCore
import Tools

/// `sms-bridge inspect`: what a text takes as an SMS.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show a text's encoding, segments and the characters that make it expensive."
    )

    @Argument(help: "The text; \"-\" reads it from standard input.")
    var text: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let report = TextReport(try CommandLineValue.text(text))
        if json {
            Terminal.say(try JSONBytes.encode(report))
        } else {
            for line in report.lines { Terminal.say(line) }
        }
    }
}

extension TextReport {
    fileprivate var lines: [String] { look.lines + ["with smart encoding:"] + smart.lines.map { "  " + $0 } }
}

extension TextReport.Look {
    fileprivate var lines: [String] {
        var lines = [
            "encoding:  \(encoding)", "segments:  \(segments)", "units:     \(units)",
            "remaining: \(remaining)",
        ]
        if !offending.isEmpty {
            lines.append("offending: " + offending.map { "\($0.named) at \($0.offset)" }.joined(separator: ", "))
        }
        return lines
    }
}
