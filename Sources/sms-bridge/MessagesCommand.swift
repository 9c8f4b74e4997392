import App
import ArgumentParser
import Tools

/// `sms-bridge messages`: what became of commands, from the service's store.
struct MessagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "messages",
        abstract: "Look for messages, and see what happened to one and why.",
        discussion: "Nothing is changed, and the service may run meanwhile. No message's text is shown: none is kept.",
        subcommands: [MessagesListCommand.self, MessagesShowCommand.self]
    )

    /// The tool over the store, or exit code 69.
    static func open(_ settings: Settings) async throws -> MessageTool {
        do {
            return try await MessageTool(settings: settings)
        } catch {
            Terminal.complain("the store cannot be opened: \(error)")
            throw ExitCode(Sysexits.unavailable)
        }
    }
}
