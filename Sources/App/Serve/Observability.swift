import Bridge
package import Logging
import Metrics
package import Telemetry

/// Starts logging and metrics for a process that serves.
package enum Observability {
    /// The registry that `/metrics` renders.
    package static let metrics = PrometheusRegistry(
        descriptions: BridgeMetric.allCases.map { metric in
            MetricDescription(
                name: metric.name,
                help: metric.help,
                buckets: metric.buckets ?? MetricDescription.defaultBuckets
            )
        }
    )

    /// Bootstraps both; once per process.
    ///
    /// - Returns: the service's logger.
    package static func start(_ log: Settings.Log) -> Logger {
        let sink = LogSink.standardOutput
        let style: LineLogHandler.Style =
            switch log.format {
            case .json: .json
            case .text: .text(isColoured: sink.isTerminal)
            case nil: sink.isTerminal ? .text(isColoured: true) : .json
            }
        LoggingSystem.bootstrap(
            { label, provider in
                LineLogHandler(label: label, level: log.level, style: style, sink: sink, metadataProvider: provider)
            },
            metadataProvider: nil
        )
        MetricsSystem.bootstrap(metrics)
        BridgeMetrics.showAll()
        BridgeMetrics.buildInfo(Version.text).record(1)
        return Logger(label: "sms-bridge")
    }
}
