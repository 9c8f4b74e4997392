import HTTPTypes
import Hummingbird
import NIOCore

/// The page about the service: static files in the binary, without anything from outside.
///
/// It has no key and no figures; everything that it shows it asks of the API, with the key that it asks for.
enum ConsolePageRoutes {
    /// Only what this service serves, nothing within the page's own text, and no page around it.
    static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'
        """

    /// Adds `/console` and its files.
    ///
    /// - Parameter routes: where to add them.
    static func add(to routes: inout RouteTable) {
        routes.on("/console", [.get: { _, _ in answer(ConsolePage.text, "html") }])
        routes.on(
            "/console/{file}",
            [
                .get: { _, context in
                    guard let name = context.parameters.get("file"), let text = ConsoleFiles.all[name] else {
                        throw HTTPProblem(.notFound, "There is nothing at this address.")
                    }
                    return answer(text, name.hasSuffix(".css") ? "css" : "javascript")
                }
            ]
        )
    }

    private static func answer(_ text: String, _ type: String) -> Response {
        var headers: HTTPFields = [
            .contentType: "text/\(type); charset=utf-8", .cacheControl: "no-cache", .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: policy,
        ]
        headers[.referrerPolicy] = "no-referrer"
        headers[.crossOriginOpenerPolicy] = "same-origin"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
