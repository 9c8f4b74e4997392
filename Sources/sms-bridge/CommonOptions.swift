import App
import ArgumentParser
import Bridge
import Logging
import Tools

/// What every subcommand takes.
struct CommonOptions: ParsableArguments {
    @Option(name: .long, help: "A YAML file with settings; the environment and .env win over it.")
    var config: String?

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    /// The settings, or a list of everything that is wrong with them and exit code 78.
    func settings(needing needs: Settings.Needs = []) throws -> Settings { try loaded(needing: needs).settings }

    /// The same, and every variable with where its value came from.
    func loaded(
        needing needs: Settings.Needs = []
    ) throws -> (settings: Settings, configuration: [ConfigurationValue]) {
        do {
            let loader = try SettingsLoader(configPath: config)
            return (try loader.settings(needing: needs), loader.effectiveValues())
        } catch {
            Terminal.complain(error.description)
            throw ExitCode(Sysexits.config)
        }
    }
}

/// Exit codes of sysexits.h.
enum Sysexits {
    static let ok: Int32 = 0
    /// Bad data from the caller (EX_DATAERR).
    static let dataError: Int32 = 65
    /// A service is not there (EX_UNAVAILABLE).
    static let unavailable: Int32 = 69
    /// A file cannot be made (EX_CANTCREAT).
    static let cannotCreate: Int32 = 73
    /// Try again later (EX_TEMPFAIL).
    static let tempFail: Int32 = 75
    /// The configuration is wrong (EX_CONFIG).
    static let config = ConfigurationError.exitCode
}
