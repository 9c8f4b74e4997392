import App
import ArgumentParser
import Contracts
import Tools

/// `sms-bridge check`: checks everything that the service needs.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look at configuration, broker, topology, credentials, clock and store; sends nothing.",
        discussion: """
            With --ready or --webhooks it asks the service that runs on this host instead, for health checks of \
            containers. Exit codes: 0 all is well, 69 something is not, 78 the configuration is wrong.
            """
    )

    @OptionGroup var common: CommonOptions

    @Flag(help: "Ask the running service whether it carries commands out (/health/ready).")
    var ready = false

    @Flag(help: "Ask the running service whether it can keep webhooks (/health/webhooks).")
    var webhooks = false

    func validate() throws {
        if ready, webhooks { throw ValidationError("--ready and --webhooks are two questions; ask one at a time") }
    }

    func run() async throws {
        let settings = try common.settings()
        if ready || webhooks { return try await ask(settings) }
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

    private func ask(_ settings: Settings) async throws {
        let answer = await ServiceProbe(settings.http).ask(ready ? .ready : .webhooks)
        if common.json, !answer.isAnswered {
            Terminal.say(try JSONBytes.encode(["status": "unavailable", "detail": answer.detail]))
        } else {
            Terminal.say(answer.detail)
        }
        if !answer.isHealthy { throw ExitCode(Sysexits.unavailable) }
    }
}
