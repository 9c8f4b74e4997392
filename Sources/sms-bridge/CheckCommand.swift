import App
import ArgumentParser
import Contracts

/// `sms-bridge check`: a doctor.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look at configuration, broker, topology, credentials and store; sends nothing.",
        discussion: "Exit codes: 0 all is well, 69 something is not, 78 the configuration is wrong."
    )

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try common.settings()
        let findings = await Doctor(settings: settings).examine()
        for finding in findings {
            if common.json {
                Terminal.say(try JSONBytes.encode(finding))
            } else {
                Terminal.say("\(finding.isGood ? "ok  " : "FAIL") \(finding.subject): \(finding.detail)")
                if let advice = finding.advice { Terminal.say("     next: \(advice)") }
            }
        }
        if findings.contains(where: { !$0.isGood }) { throw ExitCode(Sysexits.unavailable) }
    }
}
