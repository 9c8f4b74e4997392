/// A decimal number without rounding, for sums of prices.
///
/// Up to 38 digits, 18 of them behind the point: no price and no sum of prices comes near.
package struct ExactDecimal: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Digits behind the point that are kept.
    private static let places = 18

    /// The number in units of the last place.
    private let units: Int128

    /// Zero.
    package static let zero = ExactDecimal(units: 0)

    private init(units: Int128) {
        self.units = units
    }

    /// Reads a number in plain decimals, as `0.0333` or `-2`.
    ///
    /// - Returns: nil for anything else, for more than 18 digits behind the point (zeros at the end aside), and for a
    ///   number of 10^19 and more.
    package init?(_ text: String) {
        let isNegative = text.hasPrefix("-")
        let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count) else { return nil }
        var fraction = parts.count == 2 ? String(parts[1]) : ""
        guard !parts[0].isEmpty, parts.count == 1 || !fraction.isEmpty else { return nil }
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let whole = parts[0].drop { $0 == "0" }
        guard fraction.utf8.count <= Self.places, whole.utf8.count <= 19 else { return nil }
        let digits = whole + fraction + String(repeating: "0", count: Self.places - fraction.utf8.count)
        var value: Int128 = 0
        for byte in digits.utf8 {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int128(byte - UInt8(ascii: "0"))
        }
        units = isNegative ? -value : value
    }

    package static func < (left: ExactDecimal, right: ExactDecimal) -> Bool { left.units < right.units }

    /// The sum; at the end of the range it stays where it is.
    package static func + (left: ExactDecimal, right: ExactDecimal) -> ExactDecimal {
        let sum = left.units.addingReportingOverflow(right.units)
        return sum.overflow ? left : ExactDecimal(units: sum.partialValue)
    }

    /// In plain decimals, without zeros at the end.
    package var description: String {
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, Self.places + 1 - digits.utf8.count)) + digits
        let whole = padded.dropLast(Self.places)
        var fraction = padded.suffix(Self.places)
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return (units < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : ".\(fraction)")
    }
}
