package import Contracts

/// A span that has ended (OpenTelemetry's trace data model).
package struct TraceSpan: Hashable, Sendable {
    /// The span's part in an exchange, with its number in OTLP.
    package enum Kind: Int64, Hashable, Sendable {
        case server = 2
        case client = 3
        case consumer = 5
    }

    package var context: TraceContext
    /// The span that it is a part of; nil for a trace's first.
    package var parentID: String?
    /// One of few words, such as `send sms`; never an id.
    package var name: String
    package var kind: Kind
    package var start: Timestamp
    package var end: Timestamp
    /// By key: texts and integers.
    package var attributes: [String: JSONValue] = [:]
    /// Spans of other traces that this one is about.
    package var links: [TraceContext] = []
    /// Why it failed; nil where it did not.
    package var failure: String?

    /// A span without attributes.
    package init(
        _ name: String,
        _ kind: Kind,
        _ context: TraceContext,
        parentID: String?,
        from start: Timestamp,
        to end: Timestamp
    ) {
        self.context = context
        self.parentID = parentID
        self.name = name
        self.kind = kind
        self.start = min(start, end)
        self.end = end
    }
}
