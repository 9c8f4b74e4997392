/// A JSON value where text is expected, and may come as a number or a truth value instead.
///
/// The provider's own schemas disagree on many of them: `error.title` is `1000` in older payloads and `"1000"` in the newest.
struct LenientText: Sendable, Decodable {
    /// The text; `nil` for null, an object or a list.
    let text: String?

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let string = try? container.decode(String.self) {
            text = string
        } else if let integer = try? container.decode(Int64.self) {
            text = String(integer)
        } else if let number = try? container.decode(Double.self) {
            text = String(number)
        } else if let truth = try? container.decode(Bool.self) {
            text = String(truth)
        } else {
            text = nil
        }
    }
}

extension KeyedDecodingContainer {
    /// Reads text that may be missing, null, a number, or of a type of no use.
    ///
    /// - Parameter key: the member's name.
    /// - Returns: the text, or `nil`; an empty string counts as missing.
    func lenientText(_ key: Key) -> String? {
        guard contains(key) else { return nil }
        // The common case first, for a failed attempt is dear.
        let text = (try? decode(String.self, forKey: key)) ?? (try? decode(LenientText.self, forKey: key))?.text
        return text?.isEmpty == true ? nil : text
    }

    /// Reads a nested object that may be missing or something else.
    ///
    /// - Parameters:
    ///   - key: the member's name.
    ///   - type: what to read it as.
    /// - Returns: the object, or `nil`.
    func lenient<Value: Decodable>(_ key: Key, as type: Value.Type = Value.self) -> Value? {
        guard contains(key) else { return nil }
        return try? decode(type, forKey: key)
    }
}
