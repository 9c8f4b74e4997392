import App
import ArgumentParser

/// The command line: one file per subcommand.
@main
struct SMSBridge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sms-bridge",
        abstract: "Commands on RabbitMQ become SMS through Vonage; receipts and replies become events.",
        version: Version.text,
        subcommands: [
            ServeCommand.self, SendCommand.self, CampaignCommand.self, TailCommand.self, CheckCommand.self,
            ConfigCommand.self, TopologyCommand.self, DeadCommand.self, OptOutsCommand.self, ForgetCommand.self,
            InspectCommand.self, SimulateCommand.self,
        ]
    )
}
