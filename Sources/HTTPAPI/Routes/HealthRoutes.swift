import Bridge
import HTTPTypes
import Hummingbird

/// How the service is, for load balancers, orchestrators and people.
struct HealthRoutes: Sendable {
    let health: any HealthSource

    /// Adds `/health/live` and `/health/ready`.
    ///
    /// - Parameter routes: where to add them.
    func addOverall(to routes: inout RouteTable) {
        // Whoever gets this answer has found the process serving, which is all that it says.
        add("/health/live", to: &routes) { HealthReport([]) }
        add("/health/ready", to: &routes) { [health] in await health.ready() }
    }

    /// Adds `/health/webhooks`.
    ///
    /// - Parameter routes: where to add it.
    func addWebhooks(to routes: inout RouteTable) {
        add("/health/webhooks", to: &routes) { [health] in await health.webhooks() }
    }

    private func add(
        _ path: RouterPath,
        to routes: inout RouteTable,
        report: @escaping @Sendable () async -> HealthReport
    ) {
        let answer: @Sendable () async -> Response = {
            let report = await report()
            return .json(
                report,
                status: report.isHealthy ? .ok : .serviceUnavailable,
                headers: [.cacheControl: "no-store"]
            )
        }
        routes.on(
            path,
            [.get: { _, _ in await answer() }, .head: { _, _ in await answer().createHeadResponse() }]
        )
    }
}
