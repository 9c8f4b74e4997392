/// Writes CSV as RFC 4180 has it, but for the line's end, which is the caller's.
package enum CSVText {
    /// A line of fields.
    ///
    /// - Parameter fields: their texts.
    /// - Returns: the fields with commas between them; in quotes where a comma, a quote or a line break is in one.
    package static func line(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") }

    private static func field(_ text: String) -> String {
        // By scalars: CR and LF together are one character, which is neither.
        guard text.unicodeScalars.contains(where: { [",", "\"", "\r", "\n"].contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
