package import Contracts

/// The time zones of telephone numbers, by their first digits: libphonenumber's table (`NumberZones+Generated.swift`).
///
/// It is read once, at the first question; then an answer takes about a microsecond.
package enum NumberZones {
    private struct Table: Sendable {
        /// The names of zones that numbers have together.
        var sets: [[String]] = []
        /// The place in `sets`, by prefix.
        var places: [UInt32: UInt16] = [:]
        /// Digits of the longest prefix.
        var longest = 0

        /// Reads lines of `zone,zone=prefix,prefix`.
        init(_ text: String) {
            for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
                let sides = line.split(separator: UInt8(ascii: "="))
                guard sides.count == 2 else { continue }
                let place = UInt16(sets.count)
                sets.append(sides[0].split(separator: UInt8(ascii: ",")).map { String(Substring($0)) })
                for prefix in sides[1].split(separator: UInt8(ascii: ",")) {
                    longest = max(longest, prefix.count)
                    places[prefix.reduce(0) { $0 * 10 + UInt32($1 - UInt8(ascii: "0")) }] = place
                }
            }
        }
    }

    private static let table = Table(text)

    /// The IANA names of a number's zones.
    ///
    /// - Returns: one for most; several where its area or country has several, as for mobile numbers of large countries;
    ///   none where nothing is known, as for satellite telephones.
    package static func names(of number: PhoneNumber) -> [String] {
        let table = table
        var value: UInt32 = 0
        var found: UInt16?
        for digit in number.digits.utf8.prefix(table.longest) {
            value = value * 10 + UInt32(digit - UInt8(ascii: "0"))
            found = table.places[value] ?? found
        }
        return found.map { table.sets[Int($0)] } ?? []
    }

    /// The clocks of a number's zones; none where one of them is not known here.
    static func clocks(of number: PhoneNumber) -> [ZoneClock] {
        let names = names(of: number)
        let clocks = names.compactMap(ZoneClock.named)
        return clocks.count == names.count ? clocks : []
    }

    /// How many prefixes the table has, for tests.
    static var count: Int { table.places.count }
}
