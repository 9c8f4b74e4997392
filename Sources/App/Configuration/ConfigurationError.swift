/// One thing that is wrong with the configuration.
package struct ConfigurationProblem: Hashable, Sendable, CustomStringConvertible {
    /// The variable's name, or the file's.
    package let place: String
    /// What is wrong, without a secret in it.
    package let text: String

    /// A problem of a variable or of a file.
    package init(_ place: String, _ text: String) {
        self.place = place
        self.text = text
    }

    /// A sentence; for a variable with an example of how it would be right.
    package var description: String {
        let example = Variable.named(place).map { " (example: \(place)=\($0.example))" }
        return "\(place) \(text)\(example ?? "")"
    }
}

/// The configuration cannot be used; every problem is listed.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The exit code of a program that ends for this: `EX_CONFIG` of sysexits.h.
    package static let exitCode: Int32 = 78

    /// At least one: those of files, then those of variables in the order of the table.
    package let problems: [ConfigurationProblem]

    /// An error with its problems, in any order.
    package init(_ problems: [ConfigurationProblem]) {
        let places = Variable.all.map(\.name)
        let order = problems.enumerated().map { (places.firstIndex(of: $1.place) ?? -1, $0, $1) }
        self.problems = order.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { $0.2 }
    }

    package var description: String {
        (["the configuration has \(problems.count == 1 ? "a problem" : "\(problems.count) problems"):"]
            + problems.map { "  " + $0.description })
            .joined(separator: "\n")
    }
}
