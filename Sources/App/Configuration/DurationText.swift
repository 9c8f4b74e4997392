internal import Contracts

/// Durations as users write them.
enum DurationText {
    private static let units: [(name: String, milliseconds: Double)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    /// The longest that can be written.
    static let limit = Duration.seconds(3650 * 86_400)

    /// Reads `10s`, `1.5h` and the like; nil for anything else, for what is negative, and for more than ten years.
    static func read(_ text: some StringProtocol) -> Duration? {
        guard let match = String(text).wholeMatch(of: /([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)?/), let value = Double(match.1)
        else { return nil }
        guard let unit = match.2 else { return value == 0 ? .zero : nil }
        guard let factor = units.first(where: { $0.name == unit })?.milliseconds else { return nil }
        let milliseconds = (value * factor).rounded()
        return milliseconds <= Double(limit.wholeMilliseconds) ? .milliseconds(Int64(milliseconds)) : nil
    }

    /// Writes a duration in the largest unit that it is a whole number of.
    static func write(_ duration: Duration) -> String {
        let milliseconds = duration.wholeMilliseconds
        guard milliseconds != 0 else { return "0" }
        for unit in units.reversed() where milliseconds % Int64(unit.milliseconds) == 0 {
            return "\(milliseconds / Int64(unit.milliseconds))\(unit.name)"
        }
        return "\(milliseconds)ms"
    }
}

extension ValueParser<Duration> {
    /// A number with `ms`, `s`, `m`, `h` or `d`, within bounds; `0` needs no unit.
    static func duration(_ shortest: Duration, _ longest: Duration = DurationText.limit) -> Self {
        Self { text throws(ValueProblem) in
            guard let duration = DurationText.read(text) else {
                throw ValueProblem("is not a duration: a number with ms, s, m, h or d")
            }
            guard duration >= shortest, duration <= longest else {
                throw ValueProblem("is outside \(DurationText.write(shortest)) to \(DurationText.write(longest))")
            }
            return duration
        }
    }
}
