extension SendWindow {
    /// Reads the field `window`.
    ///
    /// - Returns: the window, or all that is wrong with it in one sentence. A member that looks like a misspelt one is
    ///   wrong here, and not ignored as elsewhere: without it people would be written to at night.
    package static func read(_ value: JSONValue) -> FieldReader.Read<SendWindow> {
        guard case .object(let object) = value else {
            return .failure(JSONProblem("must be an object, not \(value.kind)"))
        }
        var fields = FieldReader(object)
        let start = fields.required("start", reading: time(upTo: day - 1))
        let end = fields.required("end", reading: time(upTo: day))
        let days = fields.optional("days", reading: weekdays) ?? .all
        let zone = fields.optional("tz", reading: zone) ?? .recipient
        for misspelt in fields.misspelt { fields.report(misspelt.field, misspelt.problem) }
        if let start, let end {
            if let window = SendWindow(start: start, end: end, days: days, zone: zone), fields.problems.isEmpty {
                return .success(window)
            }
            if start == end { fields.report("end", "is the start as well; a whole day is 00:00 to 24:00") }
        }
        return .failure(JSONProblem(fields.problems.map { "\($0.field) \($0.problem)" }.joined(separator: "; ")))
    }

    private static func time(upTo latest: Int) -> (JSONValue) -> FieldReader.Read<Int> {
        { value in
            FieldReader.string(value).flatMap { text in
                guard let minutes = minutes(text), minutes <= latest else {
                    return .failure(
                        JSONProblem("must be a time of day as 09:00, from 00:00 to \(Self.text(ofMinutes: latest))")
                    )
                }
                return .success(minutes)
            }
        }
    }

    private static func weekdays(_ value: JSONValue) -> FieldReader.Read<Weekdays> {
        FieldReader.string(value).flatMap { text in
            Weekdays(text).map(FieldReader.Read.success)
                ?? .failure(JSONProblem("must be days as mon-sat, or mon,wed,fri"))
        }
    }

    private static func zone(_ value: JSONValue) -> FieldReader.Read<Zone> {
        FieldReader.string(value).flatMap { text in
            if text == "recipient" { return .success(.recipient) }
            guard ZoneClock.named(text) != nil else {
                return .failure(JSONProblem("must be recipient, or an IANA zone as Europe/Paris that is known here"))
            }
            return .success(.named(text))
        }
    }
}
