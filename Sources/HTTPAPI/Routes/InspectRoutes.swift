import Contracts
import HTTPTypes
import Hummingbird
import SMSCore

/// What a text takes on the air, before anybody pays for it.
enum InspectRoutes {
    /// Adds `/inspect`.
    ///
    /// - Parameters:
    ///   - routes: where to add it.
    ///   - guarded: lets only those through who may.
    static func add(to routes: inout RouteTable, through guarded: APIRoutes) {
        guarded.add(
            "/inspect",
            to: &routes,
            [
                .get: { request, _ in
                    guard let text = request.uri.queryParameters["text"], !text.isEmpty else {
                        throw HTTPProblem(
                            .badRequest,
                            "There is no text to inspect.",
                            problems: [Problem("text", "is required in the query, and not empty")]
                        )
                    }
                    return .json(TextReport(String(text)), status: .ok)
                }
            ]
        )
    }
}
