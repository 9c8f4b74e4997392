internal import Configuration
internal import FoundationEssentials

/// Where the configuration comes from: the environment before the `.env` file before the YAML file before the defaults.
package struct SettingsLoader {
    /// Reads a file that a variable names.
    package typealias ReadFile = (_ path: String) throws -> String
    /// A value that was found, and where.
    typealias Given = (text: String, source: String)

    /// The variable that names the YAML file where the command line does not.
    package static let fileVariable = "SMS_BRIDGE_CONFIG"

    private let sources: [(name: String, provider: EnvironmentVariablesProvider)]
    let readFile: ReadFile
    /// What is wrong with the files themselves.
    let fileProblems: [ConfigurationProblem]
    /// The answers of single senders.
    let senderReplies: [SenderReply]

    /// A loader of given texts.
    ///
    /// - Parameters:
    ///   - environment: the environment's variables.
    ///   - dotEnv: the text of the `.env` file; nil without one.
    ///   - yaml: name and text of the YAML file; nil without one.
    ///   - readFile: reads the files that `…_FILE` and `VONAGE_PRIVATE_KEY_PATH` name.
    package init(
        environment: [String: String],
        dotEnv: String? = nil,
        yaml: (name: String, text: String)? = nil,
        readFile: @escaping ReadFile
    ) {
        var values = [("environment", environment)]
        var problems: [ConfigurationProblem] = []
        if let dotEnv {
            let file = DotEnvFile(dotEnv)
            values.append((".env", file.values))
            problems += file.problems.map { ConfigurationProblem(".env", $0) }
        }
        if let yaml {
            let file = FlatYAMLFile(yaml.text)
            let known = Set(Variable.all.flatMap { [$0.name, $0.fileName ?? $0.name] })
            values.append((yaml.name, file.values))
            problems += file.problems.map { ConfigurationProblem(yaml.name, $0) }
            problems += file.names.filter { !known.contains($0) && SenderReply.parts(of: $0) == nil }.map {
                ConfigurationProblem(yaml.name, "has \($0), which is not a variable of sms-bridge")
            }
        }
        senderReplies = SenderReply.all(in: values)
        sources = values.map { ($0, EnvironmentVariablesProvider(environmentVariables: $1)) }
        fileProblems = problems
        self.readFile = readFile
    }

    /// The configuration of this process: its environment, the `.env` file of its working directory, and the YAML file
    /// that the command line or `SMS_BRIDGE_CONFIG` names.
    ///
    /// - Parameter configPath: the value of `--config`; nil without it.
    /// - Throws: ``ConfigurationError`` when a file is there and cannot be read.
    package init(configPath: String?) throws(ConfigurationError) {
        func text(of path: String) throws(ConfigurationError) -> String {
            guard let text = try? String(contentsOf: URL(filePath: path), encoding: .utf8) else {
                throw ConfigurationError([ConfigurationProblem(path, "cannot be read")])
            }
            return text
        }
        let environment = ProcessInfo.processInfo.environment
        let dotEnv = FileManager.default.fileExists(atPath: ".env") ? try text(of: ".env") : nil
        let fromDotEnv = dotEnv.flatMap { DotEnvFile($0).values[Self.fileVariable] }
        var yaml: (name: String, text: String)?
        if let named = configPath ?? environment[Self.fileVariable] ?? fromDotEnv, !named.isEmpty {
            yaml = (named, try text(of: named))
        }
        self.init(environment: environment, dotEnv: dotEnv, yaml: yaml) { path in
            try String(contentsOf: URL(filePath: path), encoding: .utf8)
        }
    }

    /// Reads everything.
    ///
    /// - Parameter needs: what has to be there although it has no default.
    /// - Returns: the settings.
    /// - Throws: ``ConfigurationError`` with every problem.
    package func settings(needing needs: Settings.Needs = []) throws(ConfigurationError) -> Settings {
        let reading = SettingsReading(self, needing: needs)
        guard reading.problems.isEmpty else { throw ConfigurationError(reading.problems) }
        return reading.settings
    }

    /// A variable's value from the first source that has it, or a secret's from its file; nil when none has it.
    func given(_ variable: Variable) throws(ValueProblem) -> Given? {
        let direct = first(variable.name)
        guard let fileName = variable.fileName, let file = first(fileName) else { return direct }
        guard direct == nil else { throw ValueProblem("and \(fileName) are both set; keep one of them") }
        guard let text = try? readFile(file.text).trimmingBlanks() else {
            throw ValueProblem("cannot be read from the file that \(fileName) names: \(file.text)")
        }
        guard !text.isEmpty else { throw ValueProblem("is empty in the file that \(fileName) names: \(file.text)") }
        return (text, "\(file.source), \(fileName)=\(file.text)")
    }

    /// The text of a name without blanks around it; what is set to nothing counts as not set.
    func first(_ name: String) -> Given? {
        for (source, provider) in sources {
            let result = try? provider.value(forKey: AbsoluteConfigKey([name]), type: .string)
            guard case .string(let text)? = result?.value?.content else { continue }
            let trimmed = text.trimmingBlanks()
            if !trimmed.isEmpty { return (trimmed, source) }
        }
        return nil
    }
}
