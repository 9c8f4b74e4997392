/// The labels of one series, as they stand in the text: sorted by name, escaped, without the braces.
struct MetricLabels: Hashable, Comparable, Sendable {
    /// Such as `lane="send",outcome="accepted"`; empty without labels.
    let text: String

    /// Labels from swift-metrics' dimensions.
    ///
    /// Of a name that comes twice the last value counts, for Prometheus refuses a scrape with a repeated label.
    init(_ dimensions: [(String, String)]) {
        var values: [String: String] = [:]
        for (name, value) in dimensions { values[PrometheusText.labelName(name)] = value }
        text = values.sorted { $0.key < $1.key }
            .map { "\($0.key)=\"\(PrometheusText.escaped($0.value, quotes: true))\"" }
            .joined(separator: ",")
    }

    private init(text: String) {
        self.text = text
    }

    /// These labels and one more at the end.
    func adding(_ name: String, _ value: String) -> MetricLabels {
        MetricLabels(text: text.isEmpty ? "\(name)=\"\(value)\"" : "\(text),\(name)=\"\(value)\"")
    }

    static func < (left: MetricLabels, right: MetricLabels) -> Bool { left.text < right.text }
}

/// Prometheus' text exposition format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).
struct PrometheusText {
    /// What has been written so far.
    private(set) var text = ""

    /// Begins a metric.
    mutating func family(_ name: String, type: String, help: String?) {
        if let help { text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n" }
        text += "# TYPE \(name) \(type)\n"
    }

    /// Adds one sample of the metric begun last.
    mutating func sample(_ name: String, _ labels: MetricLabels, _ value: String) {
        text += labels.text.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels.text)} \(value)\n"
    }

    /// A number as Prometheus reads it.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if let whole = Int64(exactly: value) { return whole.description }
        return value.description
    }

    /// A valid metric name: what is not `A-Z a-z 0-9 _ :` becomes `_`, and a leading digit gets one before it.
    static func metricName(_ label: String) -> String { cleaned(label, allowsColon: true) }

    /// A valid label name: as a metric name, without colons.
    static func labelName(_ name: String) -> String { cleaned(name, allowsColon: false) }

    /// Escapes backslashes and line breaks, and quotes where it stands in some.
    static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static func cleaned(_ name: String, allowsColon: Bool) -> String {
        var clean = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": clean.unicodeScalars.append(scalar)
            case ":" where allowsColon: clean.unicodeScalars.append(scalar)
            default: clean += "_"
            }
        }
        guard let first = clean.unicodeScalars.first else { return "_" }
        return ("0"..."9").contains(first) ? "_" + clean : clean
    }
}
