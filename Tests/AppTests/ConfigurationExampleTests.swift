import App
import Foundation
import Testing

/// Set `SMS_BRIDGE_UPDATE_EXAMPLE=1` to write the files anew.
@Suite("What is made from the configuration's table")
struct ConfigurationExampleTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test(
        "is what the table says",
        arguments: [
            ("config/sms-bridge.yaml", ConfigurationExample.yaml),
            ("docs/configuration.md", ConfigurationDocument.markdown),
        ]
    )
    func upToDate(path: String, text: String) throws {
        let file = Self.root.appending(path: path)
        if ProcessInfo.processInfo.environment["SMS_BRIDGE_UPDATE_EXAMPLE"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test("An example changes nothing as it stands, and is valid with every default put in force")
    func valid() throws {
        #expect(problems(yaml: ConfigurationExample.yaml) == [])
        let lines = ConfigurationExample.yaml.split(separator: "\n").map(String.init)
        let inForce = lines.filter { line in
            Variable.allCases.contains { $0.entry.defaultText != nil && line.hasPrefix("# \($0.name): ") }
        }
        #expect(inForce.count == Variable.allCases.filter { $0.entry.defaultText != nil }.count)
        #expect(problems(yaml: inForce.map { String($0.dropFirst(2)) }.joined(separator: "\n")) == [])
    }
}
