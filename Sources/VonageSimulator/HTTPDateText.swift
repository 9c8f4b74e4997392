import FoundationEssentials

/// The `Date` header (RFC 9110 section 5.6.7), which shows a client how far its clock is from the provider's.
enum HTTPDateText {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// A moment as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func of(_ moment: Date) -> String {
        // 2026-11-25T14:23:10Z
        let words = moment.formatted(.iso8601).split { "-TZ".contains($0) }.map(String.init)
        guard words.count == 4, let month = Int(words[1]), (1...12).contains(month) else { return "" }
        // 1970 began on a Thursday.
        let day = days[((Int(moment.timeIntervalSince1970 / 86_400) % 7) + 7) % 7]
        return "\(day), \(words[2]) \(months[month - 1]) \(words[0]) \(words[3]) GMT"
    }
}
