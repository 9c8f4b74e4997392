import ArgumentParser

/// What `make bench` runs.
///
/// Figures for people, and ratios within one run: nothing here passes or fails.
@main
struct Benchmarks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure what the documents promise.",
        subcommands: [
            OptOutBenchmark.self, StoreBenchmark.self, TextBenchmark.self, ReadingBenchmark.self, BrokerBenchmark.self,
        ]
    )
}

/// Times of many runs of the same.
struct Times {
    private var sorted: [Duration] = []

    /// Runs a body so many times, each timed by itself.
    static func of(_ count: Int, _ body: (Int) async throws -> Void) async rethrows -> Times {
        var times = Times()
        times.sorted.reserveCapacity(count)
        let clock = ContinuousClock()
        for index in 0..<count {
            let start = clock.now
            try await body(index)
            times.sorted.append(clock.now - start)
        }
        times.sorted.sort()
        return times
    }

    /// Runs a body that waits for nothing so many times, each timed by itself.
    static func of(_ count: Int, _ body: (Int) throws -> Void) rethrows -> Times {
        var times = Times()
        times.sorted.reserveCapacity(count)
        let clock = ContinuousClock()
        for index in 0..<count {
            let start = clock.now
            try body(index)
            times.sorted.append(clock.now - start)
        }
        times.sorted.sort()
        return times
    }

    /// The time that this share of the runs stayed below, from 0 to 1.
    func percentile(_ share: Double) -> Duration {
        sorted.isEmpty ? .zero : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    var summary: String {
        let shares = [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("max", 1)]
        return shares.map { "\($0.0) \(percentile($0.1).microseconds) µs" }.joined(separator: ", ")
    }
}

extension Duration {
    /// In microseconds, to a tenth.
    var microseconds: String {
        let tenths = Int((self / .microseconds(1)) * 10)
        return "\(tenths / 10).\(tenths % 10)"
    }

    var seconds: Double { self / .seconds(1) }
}
