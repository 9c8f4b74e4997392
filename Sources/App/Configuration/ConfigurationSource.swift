internal import Configuration

/// One place where values come from: the environment, the `.env` file, or the YAML file.
struct ConfigurationSource {
    /// The place as it is shown to users.
    let name: String
    private let snapshot: any ConfigSnapshot

    /// A source of variables by their names.
    init(name: String, values: [String: String]) {
        self.name = name
        self.snapshot = EnvironmentVariablesProvider(environmentVariables: values).snapshot()
    }

    /// The text of a variable without blanks around it; nil when it is not set here, or to nothing.
    func text(of name: String) -> String? {
        let result = try? snapshot.value(forKey: AbsoluteConfigKey([name]), type: .string)
        guard case .string(let text)? = result?.value?.content else { return nil }
        let trimmed = text.trimmingBlanks()
        return trimmed.isEmpty ? nil : trimmed
    }
}

/// A value that was found, and where.
struct GivenValue: Hashable {
    let text: String
    let source: String
}
