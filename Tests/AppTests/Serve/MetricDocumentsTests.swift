import Bridge
import Testing

@Suite("Pages and files that name metrics")
struct MetricDocumentsTests {
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
        let named = Set(try RepositoryFiles.text(path).matches(of: /sms_bridge_[a-z_]+/).map { String($0.output) })
        #expect(named.count > 5)
        #expect(named.subtracting(Self.served).sorted() == [])
    }

    @Test("the dashboard shows every metric but three that stay still")
    func shown() throws {
        let page = try RepositoryFiles.text("config/grafana/sms-bridge.json")
        let missing = BridgeMetric.allCases.filter { !page.contains($0.name) }
        #expect(missing == [.oversizedBodies, .wrongAPIKeys, .webhooksAreVerified])
    }

    @Test("docs/operations.md has a row for every metric, with its kind and labels")
    func table() throws {
        let page = try RepositoryFiles.text("docs/operations.md")
        for metric in BridgeMetric.allCases {
            let start = "| `\(metric.rawValue)` | \(metric.kind.rawValue) |"
            let row = page.split(separator: "\n").first { $0.hasPrefix(start) }
            let found = try #require(row, "\(metric.rawValue)")
            for label in metric.labels { #expect(found.contains("`\(label.name)`"), "\(found)") }
        }
    }

    @Test("every alert has its heading in docs/operations.md, and every such heading its alert")
    func runbooks() throws {
        let rules = try RepositoryFiles.text("config/prometheus/sms-bridge.rules.yaml")
        let alerts = Set(rules.matches(of: /- alert: (\w+)/).map { String($0.1) })
        let page = try RepositoryFiles.text("docs/operations.md")
        let headings = Set(page.matches(of: /\n## (SmsBridge\w+)/).map { String($0.1) })
        #expect(alerts == headings)
        #expect(alerts.count > 10)
        for alert in alerts {
            // Absolute, by the external label.
            let address = "{{ $externalLabels.smsbridge_docs }}/operations.md#\(alert.lowercased())"
            #expect(rules.contains("runbook_url: \"\(address)\"\n"), "\(alert)")
        }
    }
}
