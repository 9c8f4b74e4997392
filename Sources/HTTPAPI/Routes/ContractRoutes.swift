import HTTPTypes
import Hummingbird
import NIOCore

/// The contracts in machine-readable form, for all clients.
enum ContractRoutes {
    /// Adds `/openapi.yaml` and `/asyncapi.yaml`.
    ///
    /// - Parameter routes: where to add it.
    static func add(to routes: inout RouteTable) {
        routes.on("/openapi.yaml", [.get: { _, _ in yaml(OpenAPIDocument.text) }])
        routes.on("/asyncapi.yaml", [.get: { _, _ in yaml(AsyncAPIDocument.text) }])
    }

    private static func yaml(_ text: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/yaml"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
