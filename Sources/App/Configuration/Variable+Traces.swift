internal import FoundationEssentials

extension Variable {
    /// The variables of traces, under OpenTelemetry's names.
    static let traces = [
        Variable("OTEL_EXPORTER_OTLP_ENDPOINT", .collectorURL, to: \.traces.endpoint)
            .help("OTLP/HTTP collector that traces go to, /v1/traces is added; without it none are made.")
            .example("http://localhost:4318", .secretFreeURL),
        Variable("OTEL_EXPORTER_OTLP_HEADERS", .list(of: .namedValue), to: \.traces.headers)
            .help("Header fields for the collector: name=value, comma-separated.")
            .example("authorization=made-up-key", .secret),
        Variable("OTEL_SERVICE_NAME", "sms-bridge", .text, to: \.traces.serviceName)
            .help("What traces call the service."),
        Variable("OTEL_RESOURCE_ATTRIBUTES", .list(of: .namedValue), to: \.traces.attributes)
            .help("What traces say besides of where they are from: key=value, comma-separated.")
            .example("deployment.environment.name=production"),
    ]
}

extension ValueParser<Settings.NamedValue> {
    /// `name=value`; in the value a comma is `%2C`, as in a URL.
    static var namedValue: Self {
        Self(else: "is not name=value") { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].wholeMatch(of: /[A-Za-z0-9._\-\/]{1,200}\s*/) != nil,
                let value = Self.percentDecoded(parts[1]),
                value.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 })
            else { return nil }
            return Settings.NamedValue(String(parts[0]).trimmingBlanks(), value)
        }
    }

    /// A text with `%2C` and the like as what they stand for; nil where a percent sign has no two digits behind it, or
    /// the bytes are not UTF-8.
    private static func percentDecoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(String(text).trimmingBlanks().utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.count == 2, digits.allSatisfy(\.isHexDigit), let decoded = UInt8(digits, radix: 16) else {
                return nil
            }
            bytes.append(decoded)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension ValueParser<String> {
    /// An absolute `http` or `https` URL, perhaps with a path; slashes at the end are dropped.
    static var collectorURL: Self {
        Self { text throws(ValueProblem) in
            guard let url = URL(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme),
                let host = url.host(), !host.isEmpty
            else { throw ValueProblem("is not an http or https URL") }
            guard url.query() == nil, url.user() == nil, url.fragment() == nil else {
                throw ValueProblem("has more than scheme, host, port and path")
            }
            return String(text.reversed().drop { $0 == "/" }.reversed())
        }
    }
}
