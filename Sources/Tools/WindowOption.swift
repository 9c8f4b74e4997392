package import Contracts

/// The options `--window` and `--tz` of `sms-bridge send` and `sms-bridge campaign`.
package enum WindowOption {
    /// Reads both.
    ///
    /// - Parameters:
    ///   - window: hours, with days behind them, as `09:00-20:00 mon-sat`; nil where the option is not given.
    ///   - zone: an IANA zone, or `recipient`, which is what nil means.
    /// - Returns: nil without a window.
    /// - Throws: `JSONProblem` with everything that is wrong, in one sentence.
    package static func read(window: String?, zone: String?) throws(JSONProblem) -> SendWindow? {
        guard let window else {
            guard zone == nil else { throw JSONProblem("--tz is the zone of --window, which is not given") }
            return nil
        }
        var problems: [String] = []
        var clock = SendWindow.Zone.recipient
        if let zone, zone != "recipient" {
            if ZoneClock.named(zone) == nil {
                problems.append("--tz must be recipient, or an IANA zone as Europe/Paris that is known here")
            }
            clock = .named(zone)
        }
        do throws(JSONProblem) {
            let window = try SendWindow(window, zone: clock)
            if problems.isEmpty { return window }
        } catch {
            problems.insert("--window \(error.message)", at: 0)
        }
        throw JSONProblem(problems.joined(separator: "; "))
    }
}
