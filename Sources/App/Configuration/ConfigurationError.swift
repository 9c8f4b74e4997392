/// One thing that is wrong with the configuration.
package struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
    /// The variable's name, or the file's.
    package let place: String
    /// What is wrong, without a secret in it.
    package let text: String
    /// How it would be right, such as `SEND_TIMEOUT=10s`; nil where no example helps.
    package let example: String?

    /// A problem of a place that is no variable, such as a file.
    package init(_ place: String, _ text: String) {
        self.place = place
        self.text = text
        self.example = nil
    }

    /// A problem of a variable, with its example.
    package init(_ variable: Variable, _ text: String) {
        self.place = variable.name
        self.text = text
        self.example = "\(variable.name)=\(variable.entry.example)"
    }

    package var description: String {
        example.map { "\(place) \(text) (example: \($0))" } ?? "\(place) \(text)"
    }
}

/// The configuration cannot be used; every problem is listed.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The exit code of a program that ends for this: `EX_CONFIG` of sysexits.h.
    package static let exitCode: Int32 = 78

    /// At least one, in the order of the table.
    package let problems: [ConfigurationProblem]

    /// An error with its problems.
    package init(_ problems: [ConfigurationProblem]) {
        self.problems = problems
    }

    package var description: String {
        (["the configuration has \(problems.count == 1 ? "a problem" : "\(problems.count) problems"):"]
            + problems.map { "  " + $0.description })
            .joined(separator: "\n")
    }
}
