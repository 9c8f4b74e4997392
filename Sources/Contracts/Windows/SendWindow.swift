/// When a handset may be written to: hours of some days, by the clock of a zone (docs/asyncapi.yaml, `window`).
package struct SendWindow: Hashable, Sendable {
    /// Whose clock counts.
    package enum Zone: Hashable, Sendable {
        /// The recipient's, as far as the number says it.
        case recipient
        /// That of an IANA zone, which exists.
        case named(String)
    }

    /// Minutes of a day.
    package static let day = 24 * 60

    /// When it opens, in minutes after midnight: 0 to 1,439.
    package let start: Int
    /// When it closes, in minutes after midnight: 0 to 1,440.
    ///
    /// At that minute it is closed; before the start it is the next day's.
    package let end: Int
    /// The days on which it opens; behind midnight it is still the day before.
    package let days: Weekdays
    package let zone: Zone

    /// A window; nil where it would have no hours, or times that no day has.
    package init?(start: Int, end: Int, days: Weekdays = .all, zone: Zone = .recipient) {
        guard (0..<Self.day).contains(start), (0...Self.day).contains(end), start != end else { return nil }
        self.start = start
        self.end = end
        self.days = days
        self.zone = zone
    }

    /// Whether it goes over midnight.
    package var isOverMidnight: Bool { end < start }

    /// Its hours for people, as `09:00-20:00 mon-sat`.
    package var text: String {
        let hours = "\(Self.text(ofMinutes: start))-\(Self.text(ofMinutes: end))"
        return days == .all ? hours : "\(hours) \(days.text)"
    }

    /// Reads a time of day: `hh:mm`, from `00:00` to `24:00`.
    ///
    /// - Returns: minutes after midnight; nil for anything else.
    package static func minutes(_ text: some StringProtocol) -> Int? {
        let digits = Array(text.utf8)
        guard digits.count == 5, digits[2] == UInt8(ascii: ":") else { return nil }
        var numbers: [Int] = []
        for index in [0, 1, 3, 4] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digits[index]) else { return nil }
            numbers.append(Int(digits[index]) - Int(UInt8(ascii: "0")))
        }
        let (hour, minute) = (numbers[0] * 10 + numbers[1], numbers[2] * 10 + numbers[3])
        let minutes = hour * 60 + minute
        return minute < 60 && minutes <= day ? minutes : nil
    }

    /// A time of day as `hh:mm`.
    static func text(ofMinutes minutes: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }
}

/// Written down as commands have it.
extension SendWindow: Codable {
    private enum CodingKeys: String, CodingKey {
        case start, end, days, tz
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        var object: [String: JSONValue] = [:]
        for key in [CodingKeys.start, .end, .days, .tz] {
            object[key.rawValue] = try container.decodeIfPresent(String.self, forKey: key).map(JSONValue.string)
        }
        switch Self.read(.object(object)) {
        case .success(let window):
            self = window
        case .failure(let problem):
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: problem.message))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.text(ofMinutes: start), forKey: .start)
        try container.encode(Self.text(ofMinutes: end), forKey: .end)
        if days != .all { try container.encode(days.text, forKey: .days) }
        if case .named(let name) = zone { try container.encode(name, forKey: .tz) }
    }
}
