extension SendWindow {
    /// Reads a window as people write it: `09:00-20:00`, with days behind the hours as in `09:00-20:00 mon-sat`.
    ///
    /// - Parameters:
    ///   - text: the hours and the days.
    ///   - zone: whose clock counts, which such a text does not say.
    /// - Throws: `JSONProblem` with the rest of a sentence that begins with what the text is.
    package init(_ text: some StringProtocol, zone: Zone = .recipient) throws(JSONProblem) {
        let words = text.split(separator: " ", maxSplits: 1)
        let times = words.first?.split(separator: "-", omittingEmptySubsequences: false) ?? []
        guard times.count == 2, let start = Self.minutes(times[0]), let end = Self.minutes(times[1]) else {
            throw JSONProblem("has no hours such as 09:00-20:00")
        }
        guard let days = words.count > 1 ? Weekdays(words[1]) : .all else {
            throw JSONProblem("has days that are not such as mon-sat or mon wed")
        }
        guard let window = SendWindow(start: start, end: end, days: days, zone: zone) else {
            throw JSONProblem("has hours that begin at 24:00 or end where they begin; a day is 00:00-24:00")
        }
        self = window
    }
}
