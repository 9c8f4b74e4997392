/// How something is, with each thing it depends on named.
package struct HealthReport: Hashable, Sendable, Encodable {
    /// One thing that the service depends on.
    package struct Dependency: Hashable, Sendable, Encodable {
        /// Such as `broker.consume`, `broker.publish`, `store`, `provider`, `webhooks`.
        package let name: String
        package let isHealthy: Bool
        /// What is wrong, or what is worth knowing.
        package let detail: String?

        /// A dependency in its present state.
        package init(_ name: String, isHealthy: Bool, detail: String? = nil) {
            self.name = name
            self.isHealthy = isHealthy
            self.detail = detail
        }

        private enum CodingKeys: String, CodingKey {
            case name, detail
            case isHealthy = "ok"
        }
    }

    package let dependencies: [Dependency]

    /// A report on these things.
    package init(_ dependencies: [Dependency]) {
        self.dependencies = dependencies
    }

    /// Whether all of them are well.
    package var isHealthy: Bool { dependencies.allSatisfy(\.isHealthy) }

    /// The same for everybody: `failing` in place of each reason, which may name addresses, files and figures.
    package var withoutReasons: HealthReport {
        HealthReport(
            dependencies.map { dependency in
                let detail = dependency.isHealthy ? nil : "failing"
                return Dependency(dependency.name, isHealthy: dependency.isHealthy, detail: detail)
            }
        )
    }

    private enum CodingKeys: String, CodingKey {
        case status, dependencies
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(isHealthy ? "ok" : "unavailable", forKey: .status)
        try container.encode(dependencies, forKey: .dependencies)
    }
}

/// Tells how the service is, at any time and without waiting for anything that may be broken.
package protocol HealthSource: Sendable {
    /// Whether commands are consumed and sent: broker, store, provider; 503 also while draining.
    func ready() async -> HealthReport

    /// Whether a webhook can be kept: the store is writable and the spool has room.
    func webhooks() async -> HealthReport
}
