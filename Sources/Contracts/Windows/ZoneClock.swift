import Foundation
import Synchronization

/// The clock of an IANA zone: how far it is from UTC, and until when.
///
/// The rules are those of the ICU that Foundation brings along, so that they do not depend on the host's files. What was
/// looked up is kept: an answer takes a fraction of a microsecond.
package final class ZoneClock: Sendable {
    /// A stretch of time in which the clock is not changed.
    package struct Stretch: Hashable, Sendable {
        package fileprivate(set) var from: Timestamp
        /// When the clock is changed next; nil when that is not known to happen.
        package let until: Timestamp?
        /// What has to be added to UTC, in milliseconds.
        package let offset: Int64

        fileprivate func contains(_ moment: Timestamp) -> Bool {
            from <= moment && (until.map { moment < $0 } ?? true)
        }
    }

    /// How many stretches a clock keeps; two make a year.
    private static let kept = 8
    /// Every clock that was asked for; zones that do not exist are not among them, so it cannot grow past some hundreds.
    private static let clocks = Mutex<[String: ZoneClock]>([:])

    /// The zone's IANA name, as it was asked for.
    package let name: String
    private let zone: TimeZone
    private let stretches = Mutex<[Stretch]>([])

    private init(name: String, zone: TimeZone) {
        self.name = name
        self.zone = zone
    }

    /// The clock of a zone.
    ///
    /// - Parameter name: an area and a place as `Europe/Paris`, or `UTC`; neither abbreviations nor offsets.
    /// - Returns: nil when there is no such zone.
    package static func named(_ name: String) -> ZoneClock? {
        if let clock = clocks.withLock({ $0[name] }) { return clock }
        guard name == "UTC" || name.contains("/"), name.utf8.count <= 64, let zone = TimeZone(identifier: name) else {
            return nil
        }
        let clock = ZoneClock(name: name, zone: zone)
        clocks.withLock { $0[name] = clock }
        return clock
    }

    /// The stretch that a moment is in.
    package func stretch(at moment: Timestamp) -> Stretch {
        stretches.withLock { stretches in
            if let known = stretches.first(where: { $0.contains(moment) }) { return known }
            let until = zone.nextDaylightSavingTimeTransition(after: moment.date).map { Timestamp($0) }
            if let index = stretches.firstIndex(where: { $0.until == until }) {
                // It was known from a later moment on.
                stretches[index].from = min(stretches[index].from, moment)
                return stretches[index]
            }
            let offset = Int64(zone.secondsFromGMT(for: moment.date)) * 1000
            let found = Stretch(from: moment, until: until, offset: offset)
            if stretches.count == Self.kept { stretches.removeFirst() }
            stretches.append(found)
            return found
        }
    }
}
