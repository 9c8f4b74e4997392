import App
import ArgumentParser
import Bridge
import Contracts
import Foundation
import Tools

/// `sms-bridge config`: what the service would run with.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show every setting with its value and where it came from; secrets are redacted.",
        discussion: "Every problem is listed after the values; the exit code is then 78."
    )

    @OptionGroup var common: CommonOptions

    func run() throws {
        let loader: SettingsLoader
        do {
            loader = try SettingsLoader(configPath: common.config)
        } catch {
            Terminal.complain(error.description)
            throw ExitCode(Sysexits.config)
        }
        let values = loader.effectiveValues()
        let width = values.map(\.name.count).max() ?? 0
        for value in values {
            if common.json {
                Terminal.say(try JSONBytes.encode(value))
            } else {
                let name = value.name.padding(toLength: width, withPad: " ", startingAt: 0)
                Terminal.say("\(name)  \(value.value ?? "-")  (\(value.source))")
            }
        }
        do {
            _ = try loader.settings(needing: [.credentials])
        } catch {
            Terminal.complain(error.description)
            throw ExitCode(Sysexits.config)
        }
    }
}
