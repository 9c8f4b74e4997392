import ArgumentParser
import Contracts
import SMSCore

/// What counting a text's segments costs.
struct TextBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "text")

    func run() async throws {
        let texts = [
            ("GSM-7, 160", String(repeating: "x", count: 160)),
            ("UCS-2, 140", String(repeating: "ж", count: 140)),
            ("smart, 160", String(repeating: "It’s — ", count: 23)),
        ]
        for (name, text) in texts {
            let times = Times.of(20_000) { _ in _ = TextPlan.plan(text, requested: .auto, smart: true) }
            print("text: \(name) characters planned: \(times.summary)")
        }
    }
}
