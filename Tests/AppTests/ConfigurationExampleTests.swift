import App
import Foundation
import Testing

/// Set `SMS_BRIDGE_UPDATE_EXAMPLE=1` to write the file anew.
@Suite("The commented example config/sms-bridge.yaml")
struct ConfigurationExampleTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "config/sms-bridge.yaml")

    @Test("is what the table says")
    func upToDate() throws {
        if ProcessInfo.processInfo.environment["SMS_BRIDGE_UPDATE_EXAMPLE"] == "1" {
            try ConfigurationExample.yaml.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: Self.file, encoding: .utf8) == ConfigurationExample.yaml)
    }

    @Test("changes nothing as it stands, and is valid with every default put in force")
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
