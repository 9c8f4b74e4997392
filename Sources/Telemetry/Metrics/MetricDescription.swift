/// What is known beforehand about a metric: its help text and, for a histogram, its buckets.
package struct MetricDescription: Sendable {
    /// The metric's name as Prometheus shows it.
    package var name: String
    /// One line for people.
    package var help: String
    /// Upper bounds of a histogram's buckets, in the metric's unit; `+Inf` is added.
    package var buckets: [Double]

    /// A description.
    ///
    /// - Parameters:
    ///   - name: the metric's name as Prometheus shows it.
    ///   - help: one line for people.
    ///   - buckets: a histogram's upper bounds in any order; default ``defaultBuckets``.
    package init(name: String, help: String, buckets: [Double] = Self.defaultBuckets) {
        self.name = name
        self.help = help
        self.buckets = buckets
    }

    /// Bounds for durations in seconds, 5 ms to 10 s: those that Prometheus' own clients use.
    package static let defaultBuckets: [Double] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
}
