import Contracts
import SMSCore
import Testing

@testable import Bridge

@Suite("The table of metrics")
struct BridgeMetricTests {
    @Test("knows every word that a webhook can be counted under")
    func webhookResults() {
        let handled: [HandledWebhook] =
            [
                .notUnderstood([]), .notKept([]), .empty, .repeated(uuid: nil, id: nil), .full, .failed(""),
                .offered(.published, uuid: nil, id: nil, status: nil),
                .offered(.spooled, uuid: nil, id: nil, status: nil),
                .offered(.deadLettered(""), uuid: nil, id: nil, status: nil),
            ] + RefusedWebhook.allCases.map(HandledWebhook.refused)
        #expect(Set(handled.map(\.label)) == Set(HandledWebhook.labels))
        #expect(HandledWebhook.labels.count == Set(HandledWebhook.labels).count)
    }

    @Test("knows every word that a request can be counted under")
    func attempts() {
        let problem = ProviderProblem(status: 402)
        let outcomes: [SubmitOutcome] = [
            .accepted(messageUUID: ""), .throttled(retryAfter: .zero), .refused(problem), .accountTrouble(problem),
            .unavailable(reason: "", nil), .uncertain(reason: "", nil),
        ]
        #expect(Set(outcomes.map(\.label)) == Set(SubmitOutcome.labels))
    }

    @Test("has names as Prometheus wants them: counters end in _total, histograms of durations in _seconds")
    func names() {
        for metric in BridgeMetric.allCases {
            #expect((metric.kind == .counter) == metric.name.hasSuffix("_total"), "\(metric.name)")
            if metric.kind == .histogram { #expect(metric.name.hasSuffix("_seconds"), "\(metric.name)") }
            #expect(!metric.help.isEmpty)
        }
    }

    @Test("names each combination of known labels once")
    func combinations() {
        #expect(BridgeMetric.commands.knownDimensions.count == Lane.allCases.count * Outcome.allCases.count)
        #expect(BridgeMetric.inbound.knownDimensions.count == 1)
        #expect(BridgeMetric.stepFailures.knownDimensions.isEmpty)
    }

    @Test("a change of readiness is reported once, and its end once")
    func readiness() async {
        let memory = ReadinessMemory()
        func report(_ isWell: Bool) -> HealthReport {
            HealthReport([.init("store", isHealthy: isWell), .init("clock", isHealthy: true)])
        }
        #expect(await memory.changes(to: report(true)).isEmpty)
        #expect(await memory.changes(to: report(false)).map(\.name) == ["store"])
        #expect(await memory.changes(to: report(false)).isEmpty)
        #expect(await memory.changes(to: report(true)).map(\.isHealthy) == [true])
    }

    @Test("a service that is only starting is not reported as failing; one that stays unhealthy is")
    func start() async {
        let memory = ReadinessMemory()
        let report = HealthReport([.init("broker.consume", isHealthy: false)])
        for _ in 0..<4 { #expect(await memory.changes(to: report).isEmpty) }
        #expect(await memory.changes(to: report).map(\.name) == ["broker.consume"])
        #expect(await memory.changes(to: report).isEmpty)
    }
}
