import HTTPTypes
import Hummingbird
import NIOCore
import Telemetry

/// Figures for Prometheus.
enum MetricsRoutes {
    /// Adds `/metrics`.
    static func add(to routes: inout RouteTable, text: @escaping @Sendable () async -> String) {
        routes.on(
            "/metrics",
            [
                .get: { _, _ in
                    Response(
                        status: .ok,
                        headers: [.contentType: PrometheusRegistry.contentType, .cacheControl: "no-store"],
                        body: ResponseBody(byteBuffer: ByteBuffer(string: await text()))
                    )
                }
            ]
        )
    }
}
