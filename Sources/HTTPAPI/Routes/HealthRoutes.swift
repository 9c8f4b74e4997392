import Bridge
import HTTPTypes
import Hummingbird

/// How the service is, for load balancers, orchestrators and people.
///
/// All get the status code and which dependency fails; the reasons name the broker's addresses, files and the like,
/// and are for clients with access alone. A wrong key changes neither status nor form of the answer.
struct HealthRoutes: Sendable {
    let health: any HealthSource
    let access: AccessCheck

    /// Adds `/health/live` and `/health/ready`.
    ///
    /// - Parameter routes: where to add them.
    func addOverall(to routes: inout RouteTable) {
        // This answer means that the process serves, which is all that it says.
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
        let answer: RouteTable.Handler = { [access] request, context in
            let showsReasons = access.showsReasons(to: request, context)
            let report = await report()
            return .json(
                showsReasons ? report : report.withoutReasons,
                status: report.isHealthy ? .ok : .serviceUnavailable,
                headers: [.cacheControl: "no-store"]
            )
        }
        routes.on(
            path,
            [.get: answer, .head: { try await answer($0, $1).createHeadResponse() }]
        )
    }
}
