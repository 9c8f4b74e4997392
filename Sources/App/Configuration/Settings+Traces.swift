extension Settings {
    /// Where traces go (OpenTelemetry's own variables).
    package struct Traces: Sendable {
        /// Scheme, host, port and path of the collector, without a slash at the end; nil: no traces are made.
        package var endpoint: String?
        /// Header fields for the collector, such as a key.
        package var headers: [NamedValue] = []
        /// `service.name`.
        package var serviceName = ""
        /// What else is said of where the spans are from.
        package var attributes: [NamedValue] = []

        /// Where spans are posted to.
        package var url: String? { endpoint.map { $0 + "/v1/traces" } }

        /// What every export says it is from; the name of the service has its own variable.
        package var resource: [String: String] {
            var resource = Dictionary(attributes.map { ($0.name, $0.value) }) { $1 }
            resource["service.name"] = serviceName
            return resource
        }
    }

    /// A name and its value, as in `key=value`.
    package struct NamedValue: Hashable, Sendable {
        package let name: String
        package let value: String

        /// A name with its value.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
}
