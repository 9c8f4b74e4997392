import Contracts

/// A span's place: which trace it is in, and which span it is (W3C Trace Context).
package struct TraceContext: Hashable, Sendable {
    /// 32 hexadecimal digits, lower case.
    package let traceID: String
    /// 16 hexadecimal digits, lower case.
    package let spanID: String
    /// Whether the one that began the trace records it.
    package let isSampled: Bool

    /// A place in a trace.
    package init(traceID: String, spanID: String, isSampled: Bool = true) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// Reads a `traceparent`; nil for what is none.
    package init?(traceparent: String) {
        let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
        // A later version may have more fields.
        guard parts.count == 4 || (parts.count > 4 && parts[0] != "00"), parts[0] != "ff",
            zip(parts, [2, 32, 16, 2]).allSatisfy({ $0.utf8.count == $1 && $0.utf8.allSatisfy(Self.isDigit) }),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" }),
            let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        self.init(traceID: String(parts[1]), spanID: String(parts[2]), isSampled: flags & 1 == 1)
    }

    /// The place that a name always has, so that it is found again after a restart and by another process.
    package static func derived(from name: String) -> TraceContext {
        let digest = Digest.hex(Array(name.utf8))
        return TraceContext(traceID: String(digest.prefix(32)), spanID: String(digest.dropFirst(32).prefix(16)))
    }

    /// The span of a name in this trace; always the same one.
    package func span(_ name: String) -> TraceContext {
        let spanID = Digest.hex(Array("\(traceID)/\(name)".utf8)).prefix(16)
        return TraceContext(traceID: traceID, spanID: String(spanID), isSampled: isSampled)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
