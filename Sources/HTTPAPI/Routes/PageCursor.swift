import Foundation

/// A place in a list as a word for the next request, without a meaning to clients (base64url, RFC 4648 section 5).
enum PageCursor {
    /// Writes a place.
    static func encode(_ place: String) -> String {
        Data(place.utf8).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    /// Reads a word.
    ///
    /// - Returns: the place; nil for what no answer has contained.
    static func decode(_ word: String) -> String? {
        let plain = word.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let padded = plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)
        return Data(base64Encoded: padded).map { String(decoding: $0, as: UTF8.self) }
    }
}
