import FoundationEssentials

/// The `Date` header of HTTP (RFC 9110 section 5.6.7), as every server writes it today: `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The moment that a header gives; nil when it is written in another way.
    static func read(_ text: String) -> Date? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])) else {
            return nil
        }
        // The rest is an RFC 3339 time with its words in another order.
        let ordinal = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return try? Date("\(words[3])-\(ordinal)-\(words[1])T\(words[4])Z", strategy: .iso8601)
    }
}
