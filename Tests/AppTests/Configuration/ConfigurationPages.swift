import App

/// What is made from the table for people to read; ``ConfigurationPagesTests`` compares the files with it.
enum ConfigurationPages {
    /// The text of `config/sms-bridge.yaml`: every variable with its line of help, commented out, so that the file as it
    /// stands changes nothing.
    static var yaml: String {
        listing(
            [
                "# The configuration of sms-bridge, with every variable and its default.",
                "#",
                "# Give it to the service with --config, or by SMS_BRIDGE_CONFIG. The environment and an .env file in the",
                "# working directory win over it, under the same names. A secret X may also be in a file of its own, which",
                "# X_FILE names. Durations are a number with ms, s, m, h or d; what is set to nothing counts as not set.",
            ]
        ) { "# \($0): \($1)" }
    }

    /// The text of `.env.example`: the same for an `.env` file.
    static var dotEnv: String {
        listing(
            [
                "# The settings of sms-bridge for an .env file in the working directory, with every variable and its",
                "# default: cp .env.example .env, and uncomment what you set.",
                "#",
                "# The environment wins over it, and it over a YAML file (config/sms-bridge.yaml), under the same names. A",
                "# secret X may also be in a file of its own, which X_FILE names. For docker/compose.yaml it is",
                "# docker/.env.example instead.",
            ]
        ) { "#\($0)=\($1)" }
    }

    /// Every variable with its line of help, by sections; `line` makes its own line of name and value.
    private static func listing(_ head: [String], line: (_ name: String, _ value: String) -> String) -> String {
        var lines = head
        for section in Variable.sections {
            lines += ["", "# --- \(section.title)"]
            for variable in section.variables {
                let value = quoted(variable.defaultText ?? variable.example)
                let note = variable.defaultText == nil ? "  # no default; an example" : ""
                lines += ["", "# \(variable.summary)", line(variable.name, value) + note]
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// In double quotes, where nothing has a meaning but backslashes, of which the examples have those of `\n`.
    private static func quoted(_ text: String) -> String {
        let needsNone = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return needsNone ? text : "\"\(text)\""
    }

    /// The text of `docs/configuration.md`.
    static var markdown: String {
        var lines = [
            "# Configuration",
            "",
            "Made from the table that the code reads (`Sources/App/Configuration/Variable+Table.swift`); a test compares "
                + "them.",
            "",
            "Each variable is looked for in the environment, then in an `.env` file in the working directory, then in the "
                + "YAML file that `--config` or `SMS_BRIDGE_CONFIG` names "
                + "([config/sms-bridge.yaml](../config/sms-bridge.yaml) is the commented example). The names are the same "
                + "in all three. A secret `X` may be in a file of its own instead, which `X_FILE` names. What is set to "
                + "nothing counts as not set; an unknown key in the YAML file is an error.",
            "",
            "Durations are a number with `ms`, `s`, `m`, `h` or `d`; rates are `N/s`, `N/m` or `N/15m`. Whatever is wrong "
                + "or missing ends the start with every problem listed, each with an example, and exit code 78. "
                + "`sms-bridge config` shows every value and where it came from, secrets redacted.",
        ]
        for section in Variable.sections {
            lines += ["", "## \(section.title)", "", "| variable | default | |", "| --- | --- | --- |"]
            lines += section.variables.map(row)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ variable: Variable) -> String {
        let names = [variable.name, variable.fileName].compactMap(\.self).map { "`\($0)`" }.joined(separator: ", ")
        let example = variable.defaultText == nil ? " Such as `\(variable.example)`." : ""
        let cells = [names, variable.defaultText.map { "`\($0)`" } ?? "", variable.summary + example]
        return "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |"
    }
}
