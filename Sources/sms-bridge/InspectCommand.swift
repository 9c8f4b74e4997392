import ArgumentParser
import Contracts
import FoundationEssentials
import SMSCore

/// `sms-bridge inspect`: what a text takes on the air.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show a text's encoding, segments and the characters that make it dear."
    )

    @Argument(help: "The text; \"-\" reads it from standard input.")
    var text: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let text = self.text == "-" ? Terminal.allInput() : self.text
        let report = Report(text)
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            Terminal.say(String(decoding: try encoder.encode(report), as: UTF8.self))
        } else {
            for line in report.lines { Terminal.say(line) }
        }
    }

    private struct Report: Encodable {
        struct Look: Encodable {
            let encoding: String
            let segments: Int
            let units: Int
            let remaining: Int
            let offending: [Offending]

            init(_ text: String) {
                let inspection = TextInspection.of(text)
                encoding = inspection.encoding.rawValue
                segments = inspection.segments
                units = inspection.units
                remaining = inspection.remaining
                offending = inspection.offending.map { Offending(char: $0.char, offset: $0.offset) }
            }

            var lines: [String] {
                var lines = [
                    "encoding:  \(encoding)", "segments:  \(segments)", "units:     \(units)",
                    "remaining: \(remaining)",
                ]
                if !offending.isEmpty {
                    lines.append("offending: " + offending.map { "\($0.char) at \($0.offset)" }.joined(separator: ", "))
                }
                return lines
            }
        }

        struct Offending: Encodable {
            let char: String
            let offset: Int
        }

        let look: Look
        /// The same after smart encoding.
        let smart: Look

        init(_ text: String) {
            look = Look(text)
            switch TextPlan.plan(text, requested: .auto, smart: true) {
            case .success(let plan): smart = Look(plan.text)
            // Without a requested encoding every text can be sent.
            case .failure: smart = look
            }
        }

        var lines: [String] { look.lines + ["with smart encoding:"] + smart.lines.map { "  " + $0 } }

        private enum CodingKeys: CodingKey { case smart }

        func encode(to encoder: any Encoder) throws {
            try look.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(smart, forKey: .smart)
        }
    }
}
