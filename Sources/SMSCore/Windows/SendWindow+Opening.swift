import Contracts

/// When a window is open by a zone's clock.
///
/// What the clock on the wall shows decides: in the hour that is skipped in spring nothing is open, and a window that
/// would open in it opens at its end; in the hour that is repeated in autumn the same times are inside twice.
extension SendWindow {
    /// How far ahead an opening is looked for: longer than a week with a change of the clock in it.
    static let horizon: Duration = .seconds(15 * 86_400)

    private static let minute: Int64 = 60_000
    private static let dayLength: Int64 = 86_400_000

    /// The first moment, not before another, at which the window is open.
    ///
    /// - Parameters:
    ///   - moment: from when on.
    ///   - zone: whose clock counts.
    /// - Returns: `moment` itself while it is open; nil when it does not open within 15 days.
    func opening(after moment: Timestamp, in zone: ZoneClock) -> Timestamp? {
        var now = moment
        while now - moment <= Self.horizon {
            let stretch = zone.stretch(at: now)
            let wall = now.milliseconds + stretch.offset
            if isOpen(atWall: wall) { return now }
            let next = Timestamp(milliseconds: nextStart(afterWall: wall) - stretch.offset)
            guard let change = stretch.until, change <= next else { return next }
            now = change
        }
        return nil
    }

    /// Whether the window is open when a clock shows a time, in milliseconds as if it were UTC.
    private func isOpen(atWall wall: Int64) -> Bool {
        let (day, time) = Self.parts(ofWall: wall)
        let (opens, closes) = (Int64(start) * Self.minute, Int64(end) * Self.minute)
        guard isOverMidnight else { return time >= opens && time < closes && days.contains(Self.weekday(day)) }
        if time >= opens { return days.contains(Self.weekday(day)) }
        return time < closes && days.contains(Self.weekday(day - 1))
    }

    /// The next time at which the window opens, behind one at which it is closed.
    private func nextStart(afterWall wall: Int64) -> Int64 {
        let (day, time) = Self.parts(ofWall: wall)
        let opens = Int64(start) * Self.minute
        var next = time < opens ? day : day + 1
        while !days.contains(Self.weekday(next)) { next += 1 }
        return next * Self.dayLength + opens
    }

    /// The day since 1970, and the time in it.
    private static func parts(ofWall wall: Int64) -> (day: Int64, time: Int64) {
        let time = ((wall % dayLength) + dayLength) % dayLength
        return ((wall - time) / dayLength, time)
    }

    /// The day of the week, Monday 0; 1970 began on a Thursday.
    private static func weekday(_ day: Int64) -> Int { Int(((day + 3) % 7 + 7) % 7) }
}
