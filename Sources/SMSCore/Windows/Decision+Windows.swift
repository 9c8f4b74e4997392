package import Contracts

extension Decision.Policy {
    /// When a command may be sent, by its own window, else by that of `SEND_WINDOWS` for bulk messages.
    ///
    /// - Parameters:
    ///   - prepared: the command.
    ///   - lane: where it came from.
    ///   - moment: from when on.
    /// - Returns: `moment` itself while it may be sent; an opening at or behind `expires_at` is none.
    package func opening(
        of prepared: PreparedCommand,
        in lane: Lane,
        after moment: Timestamp
    ) -> SendHours.Opening {
        guard let window = prepared.window ?? (lane == .bulk ? windows.window(of: prepared.sms.to) : nil) else {
            return .at(moment)
        }
        let hours = SendHours(window, of: prepared.sms.to)
        let opening = hours.opening(after: moment)
        if case .at(let opens) = opening, let expiresAt = prepared.facts.expiresAt, opens >= expiresAt {
            return .never("the window \(hours.text) opens at \(opens.rfc3339), and expires_at is \(expiresAt.rfc3339)")
        }
        return opening
    }

    /// Whether a command may be sent at a moment, as far as windows go.
    package func isOpen(for prepared: PreparedCommand, in lane: Lane, at moment: Timestamp) -> Bool {
        opening(of: prepared, in: lane, after: moment) == .at(moment)
    }
}

extension MessageRecord {
    /// Whether a wait has to end at its moment and not a little later: that of `send_at` and of a window.
    package func endsExactly(at moment: Timestamp) -> Bool { moment == facts.sendAt || moment == facts.opensAt }
}
