extension Timestamp {
    /// Reads exactly what RFC 3339, section 5.6, has: `2027-06-01T10:00:00Z`, with any number of digits in the fraction, and
    /// `Z` or an offset such as `+02:00`; both letters in either case.
    ///
    /// The fraction is cut to milliseconds. A leap second (`23:59:60` in UTC, at the end of a month) is read as the second
    /// behind it.
    ///
    /// - Returns: nil when it is anything else: another separator, a date that does not exist, hour 24, something behind it.
    package init?(rfc3339 text: String) {
        var scanner = DigitScanner(text)
        guard let year = scanner.digits(4), scanner.skip("-"), let month = scanner.digits(2), scanner.skip("-"),
            let day = scanner.digits(2), scanner.skip("T") || scanner.skip("t"),
            let hour = scanner.digits(2), scanner.skip(":"), let minute = scanner.digits(2), scanner.skip(":"),
            let second = scanner.digits(2), let fraction = scanner.fraction(), let offset = scanner.offset(),
            scanner.isAtEnd, hour < 24, minute < 60, second <= 60,
            let days = CivilDate(year: year, month: month, day: day)?.daysSinceEpoch
        else { return nil }
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
        // From the year 0000 to 9999 in UTC, or it could not be written.
        guard (-62_167_219_200..<253_402_300_800).contains(seconds) else { return nil }
        if second == 60 {
            // Leap seconds are inserted at the end of a UTC month (ITU-R TF.460-6).
            let (next, time) = seconds.quotientAndRemainder(dividingBy: 86_400)
            guard time == 0, CivilDate(daysSinceEpoch: next).day == 1 else { return nil }
        }
        self.init(milliseconds: Int64(seconds) * 1000 + Int64(fraction))
    }

    /// RFC 3339 in UTC with milliseconds, such as `2026-11-25T04:00:00.000Z`.
    package var rfc3339: String {
        let (seconds, fraction) = milliseconds.floorDivided(by: 1000)
        let (days, time) = seconds.floorDivided(by: 86_400)
        let date = CivilDate(daysSinceEpoch: Int(days))
        let (hours, minutes) = Int(time).quotientAndRemainder(dividingBy: 3_600)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        Self.append(date.year, 4, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.append(date.month, 2, to: &text)
        text.append(UInt8(ascii: "-"))
        Self.append(date.day, 2, to: &text)
        text.append(UInt8(ascii: "T"))
        Self.append(hours, 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Self.append(minutes / 60, 2, to: &text)
        text.append(UInt8(ascii: ":"))
        Self.append(minutes % 60, 2, to: &text)
        text.append(UInt8(ascii: "."))
        Self.append(Int(fraction), 3, to: &text)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ number: Int, _ width: Int, to text: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}

/// A date of the proleptic Gregorian calendar.
package struct CivilDate: Hashable, Sendable {
    package let year: Int
    /// From 1.
    package let month: Int
    /// From 1.
    package let day: Int

    /// A date; nil when it does not exist.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date of a day, counted from 1970-01-01.
    package init(daysSinceEpoch: Int) {
        // Years begin in March here, so that the leap day is the last of one (Howard Hinnant, "chrono-compatible
        // low-level date algorithms").
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01; negative before.
    package var daysSinceEpoch: Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        default: 31
        }
    }
}

/// Reads a time's characters from left to right.
private struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text[...].utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func digits(_ count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let digit = nextDigit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// Milliseconds of a fraction; 0 where there is none, nil where its point has no digit behind it.
    mutating func fraction() -> Int? {
        guard skip(".") else { return 0 }
        var value = 0
        var count = 0
        while let digit = nextDigit() {
            if count < 3 { value = value * 10 + digit }
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, 3)..<3 { value *= 10 }
        return value
    }

    /// The offset from UTC in seconds.
    mutating func offset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let isNegative = skip("-")
        guard isNegative || skip("+"), let hours = digits(2), skip(":"), let minutes = digits(2), hours < 24,
            minutes < 60
        else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        return isNegative ? -seconds : seconds
    }

    private mutating func nextDigit() -> Int? {
        guard let byte = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        rest.removeFirst()
        return Int(byte - UInt8(ascii: "0"))
    }
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
