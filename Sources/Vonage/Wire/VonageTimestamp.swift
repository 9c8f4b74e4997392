import Contracts
import FoundationEssentials

/// Reads the provider's times.
enum VonageTimestamp {
    /// Reads ISO 8601 with or without fractions (`2025-02-03T12:14:25Z`, `2020-01-01T14:00:00.000Z`), with an offset, and the
    /// older API's `2020-01-01 14:00:00`, which is UTC, and `2020-01-01 14:00:00 +0000`.
    ///
    /// - Parameter text: the time as received.
    /// - Returns: `nil` for anything else.
    static func parse(_ text: String) -> Timestamp? {
        var scanner = Scanner(rest: Array(text.utf8)[...])
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2),
            scanner.skip("T") || scanner.skip(" ") || scanner.skip("t") || scanner.skip("+"),
            let hour = scanner.number(2), scanner.skip(":"), let minute = scanner.number(2), scanner.skip(":"),
            let second = scanner.number(2)
        else { return nil }
        let fraction = scanner.fraction()
        guard let offset = scanner.offset(),
            let seconds = epochSeconds(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        return Timestamp(Date(timeIntervalSince1970: Double(seconds - offset) + fraction))
    }

    /// Reads a time as it stands in SMS centres' receipts (`scts`): `YYMMDDHHMM`, of this century, taken as UTC.
    ///
    /// - Parameter text: ten digits.
    /// - Returns: `nil` for anything else.
    static func parseSCTS(_ text: String) -> Timestamp? {
        var scanner = Scanner(rest: Array(text.utf8)[...])
        guard text.utf8.count == 10, let year = scanner.number(2), let month = scanner.number(2),
            let day = scanner.number(2), let hour = scanner.number(2), let minute = scanner.number(2),
            let seconds = epochSeconds(
                year: 2_000 + year,
                month: month,
                day: day,
                hour: hour,
                minute: minute,
                second: 0
            )
        else { return nil }
        return Timestamp(Date(timeIntervalSince1970: Double(seconds)))
    }

    private static func epochSeconds(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) -> Int? {
        guard hour < 24, minute < 60, second <= 60,
            let days = CivilDate(year: year, month: month, day: day)?.daysSinceEpoch
        else { return nil }
        return days * 86_400 + hour * 3_600 + minute * 60 + second
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func number(_ count: Int) -> Int? {
            guard rest.count >= count else { return nil }
            var value = 0
            for byte in rest.prefix(count) {
                guard (48...57).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 48)
            }
            rest = rest.dropFirst(count)
            return value
        }

        mutating func skip(_ word: String) -> Bool {
            guard rest.starts(with: word.utf8) else { return false }
            rest = rest.dropFirst(word.utf8.count)
            return true
        }

        mutating func fraction() -> Double {
            guard skip(".") || skip(",") else { return 0 }
            var value = 0.0
            var place = 0.1
            while let byte = rest.first, (48...57).contains(byte) {
                value += Double(byte - 48) * place
                place /= 10
                rest = rest.dropFirst()
            }
            return value
        }

        /// The offset from UTC in seconds; none counts as UTC.
        ///
        /// Behind a blank the `+` may have become a blank itself, in a query that was not encoded.
        mutating func offset() -> Int? {
            var isBehindBlank = false
            while skip(" ") { isBehindBlank = true }
            if rest.isEmpty || skip("Z") || skip("z") || skip("UTC") || skip("GMT") { return rest.isEmpty ? 0 : nil }
            let sign = skip("-") ? -1 : 1
            if sign == 1, !skip("+"), !isBehindBlank { return nil }
            guard let hours = number(2) else { return nil }
            _ = skip(":")
            guard let minutes = rest.isEmpty ? 0 : number(2), rest.isEmpty else { return nil }
            return sign * (hours * 3_600 + minutes * 60)
        }
    }
}
