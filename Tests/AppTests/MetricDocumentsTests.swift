import Bridge
import Foundation
import Testing

@Suite("Pages and files that name metrics")
struct MetricDocumentsTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// Everything that is served under our prefix: histograms have three names.
    private static let served = Set(
        BridgeMetric.allCases.flatMap { metric in
            metric.kind == .histogram ? ["_bucket", "_sum", "_count"].map { metric.name + $0 } : [metric.name]
        }
    )

    @Test(
        "dashboard and alerts name only metrics that are served",
        arguments: [
            "config/grafana/sms-bridge.json", "config/prometheus/sms-bridge.rules.yaml",
            "config/prometheus/sms-bridge.rules.test.yaml",
        ]
    )
    func names(path: String) throws {
        let named = Set(try Self.text(path).matches(of: /sms_bridge_[a-z_]+/).map { String($0.output) })
        #expect(named.count > 5)
        #expect(named.subtracting(Self.served).sorted() == [])
    }

    @Test("docs/operations.md has a row for every metric, with its kind and labels")
    func table() throws {
        let page = try Self.text("docs/operations.md")
        for metric in BridgeMetric.allCases {
            let start = "| `\(metric.rawValue)` | \(metric.kind.rawValue) |"
            let row = page.split(separator: "\n").first { $0.hasPrefix(start) }
            let found = try #require(row, "\(metric.rawValue)")
            for label in metric.labels { #expect(found.contains("`\(label.name)`"), "\(found)") }
        }
    }

    @Test("every alert has its heading in docs/operations.md, and every such heading its alert")
    func runbooks() throws {
        let rules = try Self.text("config/prometheus/sms-bridge.rules.yaml")
        let alerts = Set(rules.matches(of: /- alert: (\w+)/).map { String($0.1) })
        let headings = Set(try Self.text("docs/operations.md").matches(of: /\n## (SmsBridge\w+)/).map { String($0.1) })
        #expect(alerts == headings)
        #expect(alerts.count > 10)
        for alert in alerts { #expect(rules.contains("docs/operations.md#\(alert.lowercased())"), "\(alert)") }
    }
}
