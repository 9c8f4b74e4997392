import App
import Foundation
import Testing

/// Set `SMS_BRIDGE_UPDATE_EXAMPLE=1` to write the files anew.
@Suite("What is made from the configuration's table")
struct ConfigurationPagesTests {
    @Test(
        "is what the table says",
        arguments: [
            ("config/sms-bridge.yaml", ConfigurationPages.yaml),
            (".env.example", ConfigurationPages.dotEnv),
            ("docs/configuration.md", ConfigurationPages.markdown),
        ]
    )
    func upToDate(path: String, text: String) throws {
        if ProcessInfo.processInfo.environment["SMS_BRIDGE_UPDATE_EXAMPLE"] == "1" {
            try text.write(to: RepositoryFiles.location(path), atomically: true, encoding: .utf8)
        }
        #expect(try RepositoryFiles.text(path) == text)
    }

    @Test(".env.example changes nothing as it stands, and gives every default when it is uncommented")
    func dotEnv() throws {
        #expect(DotEnvFile(ConfigurationPages.dotEnv).values.isEmpty)
        let lines = ConfigurationPages.dotEnv.split(separator: "\n").map(String.init)
        let assignments = lines.filter { $0.hasPrefix("#") && !$0.hasPrefix("# ") && $0 != "#" }
        let file = DotEnvFile(assignments.map { String($0.dropFirst()) }.joined(separator: "\n"))
        #expect(file.problems == [])
        #expect(Set(file.values.keys) == Set(Variable.all.map(\.name)))
        for variable in Variable.all {
            guard let defaultText = variable.defaultText else { continue }
            #expect(file.values[variable.name] == defaultText)
        }
    }

    @Test("An example changes nothing as it stands, and is valid with every default put in force")
    func valid() throws {
        #expect(problems(yaml: ConfigurationPages.yaml) == [])
        let lines = ConfigurationPages.yaml.split(separator: "\n").map(String.init)
        let inForce = lines.filter { line in
            Variable.all.contains { $0.defaultText != nil && line.hasPrefix("# \($0.name): ") }
        }
        #expect(inForce.count == Variable.all.filter { $0.defaultText != nil }.count)
        #expect(problems(yaml: inForce.map { String($0.dropFirst(2)) }.joined(separator: "\n")) == [])
    }
}
