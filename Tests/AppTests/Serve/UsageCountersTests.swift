import Bridge
import Telemetry
import Testing

@testable import App

@Suite("What messages have cost, for Prometheus")
struct UsageCountersTests {
    @Test("is three counters of the table of metrics, by currency and each by one label")
    func counters() {
        let counters = UsageSums().counters
        let metrics: [BridgeMetric] = [.usageByCountry, .usageBySender, .usageByCampaign]
        #expect(counters == metrics.map { ExactCounter($0.name, []) })
        for dimension in UsageSums.Dimension.allCases {
            #expect(dimension.metric.labels.map(\.name) == ["currency", dimension.rawValue])
            #expect(dimension.metric.kind == .counter)
        }
    }
}
