import Contracts
import CoreMetrics
import Telemetry
import Testing

@Suite("The Prometheus registry")
struct PrometheusRegistryTests {
    private func registry(_ descriptions: [MetricDescription] = []) -> PrometheusRegistry {
        PrometheusRegistry(descriptions: descriptions, readProcess: { nil })
    }

    @Test("shows counters by their labels, sorted, with help and type once")
    func counters() {
        let registry = registry([MetricDescription(name: "commands_total", help: "Commands.")])
        Counter(label: "commands_total", dimensions: [("outcome", "failed"), ("lane", "send")], factory: registry)
            .increment()
        Counter(label: "commands_total", dimensions: [("lane", "bulk"), ("outcome", "accepted")], factory: registry)
            .increment(by: 41)
        #expect(
            registry.render() == """
                # HELP commands_total Commands.
                # TYPE commands_total counter
                commands_total{lane="bulk",outcome="accepted"} 41
                commands_total{lane="send",outcome="failed"} 1

                """
        )
    }

    @Test("counts the same metric made twice in one series, whatever the order of its labels")
    func sameSeries() {
        let registry = registry()
        Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
        Counter(label: "c", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
        #expect(registry.render() == "# TYPE c counter\nc{a=\"1\",b=\"2\"} 2\n")
    }

    @Test("shows a counter at zero from its making, so that rates know their beginning")
    func zero() {
        let registry = registry()
        _ = Counter(label: "c", factory: registry)
        #expect(registry.render() == "# TYPE c counter\nc 0\n")
    }

    @Test("adds up fractions of a floating-point counter and ignores what would make it fall")
    func fractions() {
        let registry = registry()
        let counter = FloatingPointCounter(label: "blocked_seconds_total", factory: registry)
        counter.increment(by: 0.25)
        counter.increment(by: 1.5)
        counter.increment(by: -1)
        #expect(registry.render().hasSuffix("blocked_seconds_total 1.75\n"))
    }

    @Test("shows the last value of gauges and meters")
    func gauges() {
        let registry = registry()
        let gauge = Gauge(label: "waiting", factory: registry)
        gauge.record(7)
        gauge.record(3)
        let meter = Meter(label: "open", factory: registry)
        meter.set(2)
        meter.increment(by: 1)
        meter.decrement(by: 0.5)
        #expect(registry.render() == "# TYPE open gauge\nopen 2.5\n# TYPE waiting gauge\nwaiting 3\n")
    }

    @Test("shows a timer as a cumulative histogram in seconds, a value on a bound in that bound's bucket")
    func timers() {
        let registry = registry([MetricDescription(name: "d_seconds", help: "Time.", buckets: [1, 0.5])])
        let timer = Timer(label: "d_seconds", dimensions: [("kind", "x")], factory: registry)
        timer.recordNanoseconds(500_000_000)
        timer.recordMilliseconds(750)
        timer.recordSeconds(3)
        #expect(
            registry.render() == """
                # HELP d_seconds Time.
                # TYPE d_seconds histogram
                d_seconds_bucket{kind="x",le="0.5"} 1
                d_seconds_bucket{kind="x",le="1"} 2
                d_seconds_bucket{kind="x",le="+Inf"} 3
                d_seconds_sum{kind="x"} 4.25
                d_seconds_count{kind="x"} 3

                """
        )
    }

    @Test("takes aggregating recorders for histograms, with the default buckets where none are given")
    func recorders() {
        let registry = registry()
        Recorder(label: "size", factory: registry).record(0.3)
        let text = registry.render()
        #expect(text.contains("size_bucket{le=\"0.25\"} 0\n"))
        #expect(text.contains("size_bucket{le=\"0.5\"} 1\n"))
    }

    @Test("cleans names and escapes label values and help")
    func escaping() {
        let registry = registry([MetricDescription(name: "a_b", help: "1\\2\n3")])
        Counter(label: "a.b", dimensions: [("1-x", "q\"\\\n")], factory: registry).increment()
        #expect(registry.render() == "# HELP a_b 1\\\\2\\n3\n# TYPE a_b counter\na_b{_1_x=\"q\\\"\\\\\\n\"} 1\n")
    }

    @Test("does not show a metric whose name another kind has taken, and goes on")
    func conflict() {
        let registry = registry()
        Counter(label: "c", factory: registry).increment()
        Gauge(label: "c", factory: registry).record(9)
        #expect(registry.render() == "# TYPE c counter\nc 1\n")
    }

    @Test("forgets a metric that is destroyed, and only that")
    func destroy() {
        let registry = registry()
        let gone = Counter(label: "c", dimensions: [("k", "gone")], factory: registry)
        Counter(label: "c", dimensions: [("k", "kept")], factory: registry).increment()
        gone.destroy()
        #expect(registry.render() == "# TYPE c counter\nc{k=\"kept\"} 1\n")
    }

    @Test("loses no count when many tasks count at once")
    func concurrent() async {
        let registry = registry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    Counter(label: "c", factory: registry).increment()
                    Timer(label: "t", factory: registry).recordSeconds(1)
                }
            }
        }
        let text = registry.render()
        #expect(text.contains("c 100\n"))
        #expect(text.contains("t_count 100\n"))
        #expect(text.contains("t_sum 100\n"))
    }

    @Test("shows exact counters behind the rest, to the last digit, with labels that cannot break the page")
    func exact() throws {
        let registry = registry([MetricDescription(name: "cost_total", help: "Money.")])
        Counter(label: "z", factory: registry).increment()
        let tenth = try #require(ExactDecimal("0.1"))
        let sums = ExactCounter(
            "cost_total",
            [
                ExactCounter.Sample([("sender", "A\"\\B\n"), ("currency", "EUR")], tenth + tenth + tenth),
                ExactCounter.Sample([("currency", "EUR"), ("sender", "1")], tenth),
            ]
        )
        #expect(
            registry.render([sums, ExactCounter("none_total", [])]) == #"""
                # TYPE z counter
                z 1
                # HELP cost_total Money.
                # TYPE cost_total counter
                cost_total{currency="EUR",sender="1"} 0.1
                cost_total{currency="EUR",sender="A\"\\B\n"} 0.3

                """#
        )
    }
}
