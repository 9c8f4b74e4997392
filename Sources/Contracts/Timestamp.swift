package import FoundationEssentials

/// A moment of wall-clock time in whole milliseconds since 1970, UTC.
///
/// JSON carries it as RFC 3339. Rules that depend on time take it as an argument; only the shells read a clock.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64

    /// A moment by its distance from the epoch.
    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// A moment from Foundation's type, to the nearest millisecond.
    package init(_ date: Date) {
        self.milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
    }

    /// The moment as Foundation's type.
    package var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    /// The present.
    package static var now: Timestamp { Timestamp(Date()) }

    /// Reads RFC 3339, with or without fractional seconds; an offset is required.
    ///
    /// - Returns: nil when it is anything else.
    package init?(rfc3339 text: String) {
        let upper = text.uppercased()
        guard upper.utf8.count >= 20, upper.utf8.count <= 40, upper.contains("T") else { return nil }
        let date =
            (try? Date(upper, strategy: Self.style(fraction: false)))
            ?? (try? Date(upper, strategy: Self.style(fraction: true)))
        guard let date else { return nil }
        self.init(date)
    }

    /// RFC 3339 in UTC with milliseconds, such as `2026-11-25T04:00:00.000Z`.
    package var rfc3339: String {
        // Whole seconds are formatted, and the fraction set in behind: a Double would cut .007 to .006.
        let (seconds, fraction) = milliseconds.floorDivided(by: 1000)
        var text = Date(timeIntervalSince1970: Double(seconds)).formatted(Self.style(fraction: false))
        let digits = String(fraction)
        text.removeLast()
        return text + "." + String(repeating: "0", count: 3 - digits.count) + digits + "Z"
    }

    /// Whole seconds since 1970, for AMQP's `timestamp` property.
    package var seconds: Int64 { milliseconds / 1000 }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
    package static func + (left: Timestamp, right: Duration) -> Timestamp {
        Timestamp(milliseconds: left.milliseconds + right.wholeMilliseconds)
    }
    package static func - (left: Timestamp, right: Duration) -> Timestamp {
        Timestamp(milliseconds: left.milliseconds - right.wholeMilliseconds)
    }
    /// The time from the right moment to the left one; negative when the left one is earlier.
    package static func - (left: Timestamp, right: Timestamp) -> Duration {
        .milliseconds(left.milliseconds - right.milliseconds)
    }

    private static func style(fraction: Bool) -> Date.ISO8601FormatStyle {
        Date.ISO8601FormatStyle(
            dateSeparator: .dash,
            dateTimeSeparator: .standard,
            timeSeparator: .colon,
            timeZoneSeparator: .colon,
            includingFractionalSeconds: fraction,
            timeZone: .gmt
        )
    }
}

/// Written down as RFC 3339, wherever a stored or told value holds a moment.
extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let moment = Timestamp(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no RFC 3339 time")
        }
        self = moment
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rfc3339)
    }
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Duration {
    /// The duration in milliseconds, cut towards zero.
    package var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
