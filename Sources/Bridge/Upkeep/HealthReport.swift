/// The state of something, with that of each dependency.
package struct HealthReport: Hashable, Sendable, Encodable {
    /// One dependency of the service.
    package struct Dependency: Hashable, Sendable, Encodable {
        /// Such as `broker.consume`, `broker.publish`, `store`, `provider`, `webhooks`.
        package let name: String
        package let isHealthy: Bool
        /// What is wrong, or other useful information.
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

    /// A report on these dependencies.
    package init(_ dependencies: [Dependency]) {
        self.dependencies = dependencies
    }

    /// Whether all of them are healthy.
    package var isHealthy: Bool { dependencies.allSatisfy(\.isHealthy) }

    /// The report without reasons, which may name addresses, files and figures: `failing` in place of each.
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

/// Reports the state of the service, at any time and without waiting for anything that may be broken.
package protocol HealthSource: Sendable {
    /// Whether commands are consumed and sent: broker, store, provider; 503 also while draining.
    func ready() async -> HealthReport

    /// Whether a webhook can be kept: the store is writable and the spool has room.
    func webhooks() async -> HealthReport
}
