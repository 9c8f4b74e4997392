package import CoreMetrics
internal import Synchronization

/// A backend of swift-metrics that shows everything as Prometheus text.
///
/// Counters are counters; gauges, meters and recorders that do not aggregate are gauges; aggregating recorders are
/// histograms, and timers are histograms in seconds. Dimensions are labels and have to come from closed sets, for every
/// combination is kept for the life of the process. Making the same metric twice gives the same series.
package final class PrometheusRegistry: MetricsFactory {
    /// The content type of ``render()``.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    private struct Family {
        let kind: Kind
        var series: [MetricLabels: any MetricSeries] = [:]
    }

    private let descriptions: [String: MetricDescription]
    private let readProcess: @Sendable () -> ProcessFigures?
    private let families = Mutex<[String: Family]>([:])

    /// A registry with nothing in it yet.
    ///
    /// - Parameters:
    ///   - descriptions: help texts and buckets by metric; one that is not named has no help and the default buckets.
    ///   - readProcess: gives the `process_*` figures at each rendering; nil leaves them out.
    package init(
        descriptions: [MetricDescription] = [],
        readProcess: @escaping @Sendable () -> ProcessFigures? = ProcessFigures.read
    ) {
        self.descriptions = Dictionary(descriptions.map { ($0.name, $0) }) { _, last in last }
        self.readProcess = readProcess
    }

    /// Everything as Prometheus text, sorted by name and labels; then the figures of the process, and what is exact.
    ///
    /// - Parameter exact: counters that are not kept here, with their values now.
    /// - Returns: the text; empty when there is nothing to show.
    package func render(_ exact: [ExactCounter] = []) -> String {
        let families = families.withLock { $0 }
        var text = PrometheusText()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) where !family.series.isEmpty {
            text.family(name, type: family.kind.rawValue, help: descriptions[name]?.help)
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.write(name: name, labels: labels, to: &text)
            }
        }
        readProcess()?.write(to: &text)
        for counter in exact { counter.write(help: descriptions[counter.name]?.help, to: &text) }
        return text.text
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) { _ in CounterSeries() }
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter) { _ in CounterSeries() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { _ in GaugeSeries() }
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate {
            series(label, dimensions, .histogram) { HistogramSeries(bounds: $0) }
        } else {
            series(label, dimensions, .gauge) { _ in GaugeSeries() }
        }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram) { HistogramSeries(bounds: $0) }
    }

    package func destroyCounter(_ handler: any CounterHandler) { forget(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { forget(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { forget(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { forget(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { forget(handler) }

    /// The series of a metric, made on first sight.
    ///
    /// A name that is already in use for another kind of metric gets a series that is not shown: Prometheus would refuse
    /// the whole scrape, and a mistake in a counter's name must not stop the service.
    private func series<Series: MetricSeries>(
        _ label: String,
        _ dimensions: [(String, String)],
        _ kind: Kind,
        make: ([Double]) -> Series
    ) -> Series {
        let name = PrometheusText.metricName(label)
        let labels = MetricLabels(dimensions)
        let buckets = descriptions[name]?.buckets ?? MetricDescription.defaultBuckets
        return families.withLock { families in
            var family = families[name] ?? Family(kind: kind)
            if let known = family.series[labels] as? Series, family.kind == kind { return known }
            let new = make(buckets)
            guard family.kind == kind else { return new }
            family.series[labels] = new
            families[name] = family
            return new
        }
    }

    private func forget(_ handler: AnyObject) {
        families.withLock { families in
            for (name, family) in families {
                for (labels, series) in family.series where series === handler {
                    families[name]?.series[labels] = nil
                }
            }
        }
    }
}
