/// Days of the week, as a window names them: `mon-sat`, `mon,wed`, `sat-mon`.
package struct Weekdays: Hashable, Sendable {
    /// The words, Monday first.
    private static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    /// All seven.
    package static let all = Weekdays(bits: 0b111_1111)

    /// Bit 0 is Monday.
    private let bits: UInt8

    private init(bits: UInt8) {
        self.bits = bits
    }

    /// Reads days and ranges of days with commas or blanks between them, in any case; a range may go over the week's end.
    ///
    /// - Returns: nil when it is anything else, or empty.
    package init?(_ text: some StringProtocol) {
        var bits: UInt8 = 0
        for part in text.lowercased().split(whereSeparator: { $0 == "," || $0 == " " }) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard (1...2).contains(ends.count), let first = Self.names.firstIndex(of: String(ends[0])),
                let last = Self.names.firstIndex(of: String(ends[ends.count - 1]))
            else { return nil }
            for day in first...(last < first ? last + 7 : last) { bits |= 1 << (day % 7) }
        }
        guard bits != 0 else { return nil }
        self.bits = bits
    }

    /// Whether a day is among them; 0 is Monday, 6 is Sunday.
    package func contains(_ day: Int) -> Bool { bits & (1 << day) != 0 }

    /// The days as a window writes them, a run of three or more as a range.
    package var text: String {
        var parts: [String] = []
        var day = 0
        while day < 7 {
            var end = day
            while end < 7, contains(end) { end += 1 }
            switch end - day {
            case 0: end += 1
            case 1, 2: parts += Self.names[day..<end]
            default: parts.append("\(Self.names[day])-\(Self.names[end - 1])")
            }
            day = end
        }
        return parts.joined(separator: ",")
    }
}
