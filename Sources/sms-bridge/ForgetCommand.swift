import App
import ArgumentParser
import Contracts
import SMSCore
import Tools

/// `sms-bridge forget`: erases a person's records from the service's store.
struct ForgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Erase what the store knows of a number; that it opted out is kept, as a digest.",
        discussion: """
            Ids and outcomes of its commands stay, so that nothing is sent twice because of it. What is under way is left \
            alone and counted: run it again when that is settled (exit code 75). The broker's queues (sms.dead, \
            sms.unrouted) and your own are not touched.
            """
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "The number, E.164.")
    var number: String

    func run() async throws {
        let parsed = try CommandLineValue.number(number)
        let forgotten = try await OptOutsCommand.open(try common.settings()).forget(parsed)
        if common.json {
            Terminal.say(try JSONBytes.encode(forgotten))
        } else {
            Terminal.say(
                "erased from \(forgotten.records) records and \(forgotten.recipients) campaign entries; "
                    + "\(forgotten.optOuts) opt-outs are kept as a digest"
            )
            if forgotten.optOuts == 0 {
                Terminal.say("the number is not on the list of opt-outs, and may be written to")
            }
        }
        if forgotten.open > 0 {
            Terminal.complain("\(forgotten.open) are under way and still name the number; run this again later")
            throw ExitCode(Sysexits.tempFail)
        }
    }
}
