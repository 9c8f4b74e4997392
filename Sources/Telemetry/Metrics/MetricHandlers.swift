internal import CoreMetrics
internal import Synchronization

/// What the registry asks of each series when it writes them all down.
protocol MetricSeries: AnyObject, Sendable {
    /// Adds the series' lines.
    func write(name: String, labels: MetricLabels, to text: inout PrometheusText)
}

/// A counter: it only grows, but for a reset.
final class CounterSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
    private let value = Mutex(0.0)
    private let whole = Atomic<Int64>(0)

    func increment(by amount: Int64) {
        whole.wrappingAdd(max(0, amount), ordering: .relaxed)
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        value.withLock { $0 += amount }
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        value.withLock { $0 = 0 }
    }

    func write(name: String, labels: MetricLabels, to text: inout PrometheusText) {
        let fraction = value.withLock { $0 }
        let count = whole.load(ordering: .relaxed)
        text.sample(name, labels, fraction == 0 ? count.description : PrometheusText.number(fraction + Double(count)))
    }
}

/// A gauge: the last value set, which may also be moved up and down.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    func set(_ new: Int64) { set(Double(new)) }
    func set(_ new: Double) { value.withLock { $0 = new } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ new: Int64) { set(Double(new)) }
    func record(_ new: Double) { set(new) }

    func write(name: String, labels: MetricLabels, to text: inout PrometheusText) {
        text.sample(name, labels, PrometheusText.number(value.withLock { $0 }))
    }
}

/// A histogram with fixed buckets.
final class HistogramSeries: MetricSeries, TimerHandler, RecorderHandler {
    private struct State {
        /// One for each bound, and one for what lies above all of them.
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    /// A histogram with nothing in it.
    ///
    /// - Parameter bounds: upper bounds in any order; repeated and infinite ones are dropped.
    init(bounds: [Double]) {
        self.bounds = Set(bounds.filter(\.isFinite)).sorted()
        self.state = Mutex(State(counts: Array(repeating: 0, count: self.bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock {
            $0.counts[bucket] += 1
            $0.sum += value
        }
    }

    /// Records a duration in seconds, Prometheus' base unit.
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func write(name: String, labels: MetricLabels, to text: inout PrometheusText) {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var total: UInt64 = 0
        for (index, count) in counts.enumerated() {
            total += count
            let bound = index < bounds.count ? PrometheusText.number(bounds[index]) : "+Inf"
            text.sample(name + "_bucket", labels.adding("le", bound), total.description)
        }
        text.sample(name + "_sum", labels, PrometheusText.number(sum))
        text.sample(name + "_count", labels, total.description)
    }
}
