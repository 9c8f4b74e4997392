internal import FoundationEssentials

extension SettingsLoader {
    /// The variable that names the YAML file where the command line does not.
    package static let fileVariable = "SMS_BRIDGE_CONFIG"

    /// The configuration of this process: its environment, the `.env` file of its working directory, and the YAML file
    /// that the command line or `SMS_BRIDGE_CONFIG` names.
    ///
    /// - Parameter configPath: the value of `--config`; nil without it.
    /// - Throws: ``ConfigurationError`` when a file is there and cannot be read.
    package init(configPath: String?) throws(ConfigurationError) {
        let environment = ProcessInfo.processInfo.environment
        let dotEnv = FileManager.default.fileExists(atPath: ".env") ? try Self.text(of: ".env") : nil
        let fromDotEnv = dotEnv.flatMap { DotEnvFile($0).values[Self.fileVariable] }
        let named = configPath ?? environment[Self.fileVariable] ?? fromDotEnv
        var yaml: (name: String, text: String)?
        if let named, !named.isEmpty { yaml = (named, try Self.text(of: named)) }
        self.init(environment: environment, dotEnv: dotEnv, yaml: yaml) { path in
            try String(contentsOf: URL(filePath: path), encoding: .utf8)
        }
    }

    private static func text(of path: String) throws(ConfigurationError) -> String {
        do {
            return try String(contentsOf: URL(filePath: path), encoding: .utf8)
        } catch {
            throw ConfigurationError([ConfigurationProblem(path, "cannot be read")])
        }
    }
}
