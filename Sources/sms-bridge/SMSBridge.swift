import App
import ArgumentParser
import Tools

/// The command line: one file per subcommand.
@main
struct SMSBridge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sms-bridge",
        abstract: "Commands on RabbitMQ become SMS through Vonage; receipts and replies become events.",
        version: Version.text,
        subcommands: [
            ServeCommand.self, SendCommand.self, CampaignCommand.self, TailCommand.self, CheckCommand.self,
            ConfigCommand.self, TopologyCommand.self, DeadCommand.self, UnroutedCommand.self, MessagesCommand.self,
            OptOutsCommand.self, ForgetCommand.self, BackupCommand.self, MigrateCommand.self, InspectCommand.self,
            SimulateCommand.self,
        ]
    )

    static func main() async {
        Allocator.returnLargeBlocks()
        do {
            try CommandLineValue.requireUTF8()
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            exit(withError: error)
        }
    }
}
