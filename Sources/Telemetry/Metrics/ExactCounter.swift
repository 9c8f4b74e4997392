package import Contracts

/// A counter whose values are decimals that must not be rounded, as sums of money are.
///
/// Counters of swift-metrics are binary fractions or whole numbers, so the registry gets these at each rendering.
package struct ExactCounter: Hashable, Sendable {
    /// One series of it.
    package struct Sample: Hashable, Sendable {
        let labels: MetricLabels
        let value: ExactDecimal

        /// A series with its labels, in any order, and its value now.
        package init(_ labels: [(String, String)], _ value: ExactDecimal) {
            self.labels = MetricLabels(labels)
            self.value = value
        }
    }

    let name: String
    let samples: [Sample]

    /// A counter as of now.
    ///
    /// - Parameters:
    ///   - name: the metric's name as Prometheus shows it; the registry knows its help text by it.
    ///   - samples: its series in any order; a counter without any is not shown.
    package init(_ name: String, _ samples: [Sample]) {
        self.name = name
        self.samples = samples
    }

    /// Adds the counter's lines, sorted by labels.
    func write(help: String?, to text: inout PrometheusText) {
        guard !samples.isEmpty else { return }
        text.family(name, type: "counter", help: help)
        for sample in samples.sorted(by: { $0.labels < $1.labels }) {
            text.sample(name, sample.labels, sample.value.description)
        }
    }
}
