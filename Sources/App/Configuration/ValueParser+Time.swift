internal import Contracts
internal import SMSCore

extension ValueParser<Duration> {
    /// A number with `ms`, `s`, `m`, `h` or `d`, within bounds; `0` needs no unit.
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        Self(placeholder: range.lowerBound) { text throws(ValueProblem) in
            guard let duration = DurationText.read(text) else {
                throw ValueProblem("is no duration: a number with ms, s, m, h or d")
            }
            guard range.contains(duration) else {
                let bounds = "\(DurationText.write(range.lowerBound)) to \(DurationText.write(range.upperBound))"
                throw ValueProblem("is outside \(bounds)")
            }
            return duration
        }
    }
}

/// Durations as users write them.
enum DurationText {
    private static let units: [(name: String, milliseconds: Double)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    /// The longest that can be written.
    static let limit = Duration.seconds(3650 * 86_400)

    /// Reads `10s`, `1.5h` and the like; nil for anything else, for what is negative, and for more than ten years.
    static func read(_ text: String) -> Duration? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(number.count)
        guard number.first != ".", number.last != ".", let value = Double(number) else { return nil }
        if unit.isEmpty { return value == 0 ? .zero : nil }
        guard let factor = units.first(where: { $0.name == unit })?.milliseconds else { return nil }
        let milliseconds = (value * factor).rounded()
        guard milliseconds <= Double(limit.wholeMilliseconds) else { return nil }
        return .milliseconds(Int64(milliseconds))
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

extension ValueParser<PaceLimit> {
    /// `30/s`, `100/15m`, where segments are counted also `30seg/s`; `0` is unlimited.
    package static func rate(allowsSegments: Bool) -> Self {
        Self(placeholder: .unlimited) { text throws(ValueProblem) in
            if text == "0" { return .unlimited }
            let form = allowsSegments ? "30/s, 30seg/s, 100/15m, or 0 for unlimited" : "100/15m, or 0 for unlimited"
            let halves = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            guard halves.count == 2, let first = halves.first, let last = halves.last else {
                throw ValueProblem("is no rate: \(form)")
            }
            let isSegments = allowsSegments && first.hasSuffix("seg")
            let number = isSegments ? String(first.dropLast(3)) : first
            let period = DurationText.read(last.first?.isNumber == true ? last : "1" + last)
            guard let count = Int(number), (1...1_000_000).contains(count), let period, period > .zero else {
                throw ValueProblem("is no rate: \(form)")
            }
            return .limited(count: count, per: period, unit: isSegments ? .segments : .requests)
        }
    }
}

extension ValueParser<SenderLimits> {
    /// `14155550100=1/s,*=10/s`: each sender once, `*` for every sender not named.
    static var senderRates: Self {
        Self(placeholder: SenderLimits()) { text throws(ValueProblem) in
            var rates = SenderLimits()
            var hasOthers = false
            for part in Self.parts(of: text) {
                let pair = part.split(separator: "=", maxSplits: 1).map { String($0).trimmingBlanks() }
                guard pair.count == 2, let name = pair.first, let rateText = pair.last else {
                    throw ValueProblem("has an entry that is no sender=rate")
                }
                let rate = try ValueParser<PaceLimit>.rate(allowsSegments: true).parse(rateText)
                if name == "*" {
                    guard !hasOthers else { throw ValueProblem("names * twice") }
                    hasOthers = true
                    rates.others = rate
                } else if let sender = Sender(name) {
                    guard rates.named.updateValue(rate, forKey: sender) == nil else {
                        throw ValueProblem("names a sender twice")
                    }
                } else {
                    throw ValueProblem("has an entry for what is neither a number, a short code, a name, nor *")
                }
            }
            return rates
        }
    }
}
