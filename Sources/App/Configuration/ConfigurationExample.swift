/// The commented example of the YAML file, made from the table.
package enum ConfigurationExample {
    /// The text of `config/sms-bridge.yaml`: every variable with its line of description, commented out, so that the file
    /// as it stands changes nothing.
    package static var yaml: String {
        var lines = [
            "# The configuration of sms-bridge, with every variable and its default.",
            "#",
            "# Give it to the service with --config, or by SMS_BRIDGE_CONFIG. The environment and an .env file in the",
            "# working directory win over it, under the same names. A secret X may also be in a file of its own, which",
            "# X_FILE names. Durations are a number with ms, s, m, h or d; what is set to nothing counts as not set.",
        ]
        for section in Variable.Section.allCases {
            lines += ["", "# --- \(section.rawValue)"]
            for variable in Variable.allCases where variable.entry.section == section {
                let value = quoted(variable.entry.defaultText ?? variable.entry.example)
                lines += ["", "# \(variable.entry.summary)", "# \(variable.name): \(value)\(note(variable))"]
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func note(_ variable: Variable) -> String {
        variable.entry.defaultText == nil ? "  # no default; an example" : ""
    }

    /// In double quotes, where nothing has a meaning but backslashes, of which the examples have those of `\n`.
    private static func quoted(_ text: String) -> String {
        let needsNone = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return needsNone ? text : "\"\(text)\""
    }
}
