/// Where the configuration comes from: the environment before the `.env` file before the YAML file before the defaults.
package struct SettingsLoader {
    /// Reads a file that a variable names.
    package typealias ReadFile = (_ path: String) throws -> String

    private let sources: [ConfigurationSource]
    let readFile: ReadFile
    /// What is wrong with the files themselves.
    let fileProblems: [ConfigurationProblem]

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
        var sources = [ConfigurationSource(name: "environment", values: environment)]
        var problems: [ConfigurationProblem] = []
        if let dotEnv {
            let file = DotEnvFile(dotEnv)
            sources.append(ConfigurationSource(name: ".env", values: file.values))
            problems += file.problems.map { ConfigurationProblem(".env", $0) }
        }
        if let yaml {
            let file = FlatYAMLFile(yaml.text)
            sources.append(ConfigurationSource(name: yaml.name, values: file.values))
            problems += file.problems.map { ConfigurationProblem(yaml.name, $0) }
            problems += Self.unknownNames(in: file.names).map {
                ConfigurationProblem(yaml.name, "has \($0), which is no variable of sms-bridge")
            }
        }
        self.sources = sources
        self.readFile = readFile
        self.fileProblems = problems
    }

    /// Reads everything.
    ///
    /// - Parameter needs: what has to be there although it has no default.
    /// - Returns: the settings.
    /// - Throws: ``ConfigurationError`` with every problem.
    package func settings(needing needs: Settings.Needs = []) throws(ConfigurationError) -> Settings {
        var reader = SettingsReader(self)
        let settings = Settings(from: &reader, needing: needs)
        guard reader.problems.isEmpty else { throw ConfigurationError(reader.problems) }
        return settings
    }

    /// A variable's value from the first source that has it, or a secret's from its file; nil when none has it.
    func given(_ variable: Variable) -> Result<GivenValue?, ValueProblem> {
        let direct = first(variable.name)
        guard let fileName = variable.fileName, let file = first(fileName) else { return .success(direct) }
        guard direct == nil else { return .failure(ValueProblem("and \(fileName) are both set; keep one of them")) }
        guard let text = try? readFile(file.text) else {
            return .failure(ValueProblem("cannot be read from the file that \(fileName) names: \(file.text)"))
        }
        let trimmed = text.trimmingBlanks()
        guard !trimmed.isEmpty else {
            return .failure(ValueProblem("is empty in the file that \(fileName) names: \(file.text)"))
        }
        return .success(GivenValue(text: trimmed, source: "\(file.source), \(fileName)=\(file.text)"))
    }

    private func first(_ name: String) -> GivenValue? {
        for source in sources {
            if let text = source.text(of: name) { return GivenValue(text: text, source: source.name) }
        }
        return nil
    }

    private static func unknownNames(in names: [String]) -> [String] {
        let known = Set(Variable.allCases.flatMap { [$0.name, $0.fileName ?? $0.name] })
        return names.filter { !known.contains($0) }
    }
}
