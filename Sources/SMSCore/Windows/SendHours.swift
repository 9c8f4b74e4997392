package import Contracts

/// The hours in which one command may be sent: its window, and the clocks that have to be inside it.
package struct SendHours: Sendable {
    /// When a command may be sent.
    package enum Opening: Hashable, Sendable {
        /// At that moment at the earliest.
        case at(Timestamp)
        /// Never, for this reason.
        case never(String)
    }

    /// How often an opening of all zones is looked for; each time is hours later than the one before.
    private static let tries = 200

    private let window: SendWindow
    private let zones: [ZoneClock]

    /// The hours of a number.
    ///
    /// - Parameters:
    ///   - window: its window.
    ///   - number: the recipient; its zones count where the window names none.
    package init(_ window: SendWindow, of number: PhoneNumber) {
        self.window = window
        zones =
            switch window.zone {
            case .recipient: NumberZones.clocks(of: number)
            case .named(let name): [ZoneClock.named(name)].compactMap(\.self)
            }
    }

    /// When a command may be sent.
    ///
    /// Where a number has several zones, the window has to be open in all of them.
    ///
    /// - Parameter moment: from when on.
    /// - Returns: `moment` itself while the window is open.
    package func opening(after moment: Timestamp) -> Opening {
        guard !zones.isEmpty else {
            return .never("its window is \(window.text), and the zone of the number is not known; name a tz")
        }
        var now = moment
        for _ in 0..<Self.tries where now - moment <= SendWindow.horizon {
            var latest = now
            for zone in zones {
                guard let opening = window.opening(after: now, in: zone) else { return .never(closed) }
                latest = max(latest, opening)
            }
            if latest == now { return .at(now) }
            now = latest
        }
        return .never(closed)
    }

    /// Whether a command may be sent at a moment.
    package func isOpen(at moment: Timestamp) -> Bool { opening(after: moment) == .at(moment) }

    /// The window and its zones, for people.
    package var text: String {
        let names = zones.prefix(3).map(\.name).joined(separator: ", ")
        return zones.count > 3 ? "\(window.text) in \(names) and \(zones.count - 3) more" : "\(window.text) in \(names)"
    }

    private var closed: String { "the window \(text) is never open in all zones of the number at once; name a tz" }
}
