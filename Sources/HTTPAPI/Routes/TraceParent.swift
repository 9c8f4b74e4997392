/// The W3C trace context of a request, which is handed on to the command's events.
enum TraceParent {
    /// Reads the header field.
    ///
    /// - Returns: the value as it is; nil for what is not a `traceparent` (version, trace id, parent id and flags, in
    ///   lower-case hexadecimal).
    static func read(_ value: String?) -> String? {
        guard let value else { return nil }
        let parts = value.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, zip(parts, [2, 32, 16, 2]).allSatisfy({ $0.utf8.count == $1 }) else { return nil }
        let isHex = value.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte) || byte == UInt8(ascii: "-")
        }
        return isHex ? value : nil
    }
}
