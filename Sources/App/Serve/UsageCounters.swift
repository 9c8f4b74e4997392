import Bridge
import Telemetry

extension UsageSums {
    /// The sums as `/metrics` shows them: a counter for each dimension.
    var counters: [ExactCounter] {
        Dimension.allCases.map { dimension in
            let samples = (sums[dimension] ?? [:]).map { key, sum in
                ExactCounter.Sample([("currency", key.currency), (dimension.rawValue, key.label)], sum)
            }
            return ExactCounter(dimension.metric.name, samples)
        }
    }
}
