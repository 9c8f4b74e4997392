import ArgumentParser

/// The command line: one file per subcommand.
@main
struct SMSBridge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sms-bridge",
        abstract: "Commands on RabbitMQ become SMS through Vonage; receipts and replies become events.",
        subcommands: [
            ServeCommand.self, SendCommand.self, CampaignCommand.self, TailCommand.self, CheckCommand.self,
            TopologyCommand.self,
            DeadCommand.self, OptOutsCommand.self, InspectCommand.self, SimulateCommand.self,
        ]
    )
}
