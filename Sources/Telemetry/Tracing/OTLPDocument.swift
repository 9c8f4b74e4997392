import Contracts

/// Spans as OTLP/HTTP JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
package enum OTLPDocument {
    /// The body of one export.
    ///
    /// - Parameters:
    ///   - spans: what is exported.
    ///   - resource: what they are from, such as `service.name`.
    ///   - version: of this program.
    /// - Returns: JSON in UTF-8.
    package static func bytes(_ spans: [TraceSpan], resource: [String: String], version: String) -> [UInt8] {
        let scope: JSONValue = .object(["name": .string("sms-bridge"), "version": .string(version)])
        let scoped: JSONValue = .object(["scope": scope, "spans": .array(spans.map(span))])
        let from: JSONValue = .object(["attributes": attributes(resource.mapValues(JSONValue.string))])
        return JSONBytes.encode(
            .object(["resourceSpans": .array([.object(["resource": from, "scopeSpans": .array([scoped])])])])
        )
    }

    private static func span(_ span: TraceSpan) -> JSONValue {
        var members: [String: JSONValue] = [
            "traceId": .string(span.context.traceID),
            "spanId": .string(span.context.spanID),
            "name": .string(span.name),
            "kind": .integer(span.kind.rawValue),
            "startTimeUnixNano": nanoseconds(span.start),
            "endTimeUnixNano": nanoseconds(span.end),
            "attributes": attributes(span.attributes),
        ]
        if let parentID = span.parentID { members["parentSpanId"] = .string(parentID) }
        if !span.links.isEmpty {
            members["links"] = .array(
                span.links.map { .object(["traceId": .string($0.traceID), "spanId": .string($0.spanID)]) }
            )
        }
        if let failure = span.failure {
            members["status"] = .object(["code": .integer(2), "message": .string(failure)])
        }
        return .object(members)
    }

    private static func attributes(_ values: [String: JSONValue]) -> JSONValue {
        .array(
            values.sorted { $0.key < $1.key }.map { key, value -> JSONValue in
                let typed: [String: JSONValue] =
                    if case .integer(let number) = value {
                        // 64 bits are a string in JSON's mapping.
                        ["intValue": .string(String(number))]
                    } else {
                        ["stringValue": .string(value.scalarText ?? "")]
                    }
                return .object(["key": .string(key), "value": .object(typed)])
            }
        )
    }

    private static func nanoseconds(_ moment: Timestamp) -> JSONValue {
        .string(String(max(0, moment.milliseconds)) + "000000")
    }
}
