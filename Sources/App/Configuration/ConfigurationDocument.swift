/// docs/configuration.md, made from the table.
package enum ConfigurationDocument {
    /// The text of the page.
    package static var markdown: String {
        var lines = [
            "# Configuration",
            "",
            "Made from the table that the code reads (`Sources/App/Configuration/Variable+Table.swift`); a test holds it "
                + "against that.",
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
        for section in Variable.Section.allCases {
            lines += ["", "## \(section.rawValue)", "", "| variable | default | |", "| --- | --- | --- |"]
            lines += Variable.allCases.filter { $0.entry.section == section }.map(row)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func row(_ variable: Variable) -> String {
        let entry = variable.entry
        let names = [variable.name, variable.fileName].compactMap(\.self).map { "`\($0)`" }.joined(separator: ", ")
        let standard = entry.defaultText.map { "`\($0)`" } ?? ""
        let example = entry.defaultText == nil ? " Such as `\(entry.example)`." : ""
        return "| \(names) | \(escaped(standard)) | \(escaped(entry.summary + example)) |"
    }

    /// Text in a cell of a table.
    private static func escaped(_ text: String) -> String {
        text.replacing("|", with: "\\|")
    }
}
