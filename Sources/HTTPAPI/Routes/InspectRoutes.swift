import Contracts
import HTTPTypes
import Hummingbird
import SMSCore

/// What a text takes as an SMS, before it is paid for.
enum InspectRoutes {
    /// Bytes of a body; far more than the longest text takes.
    private static let bodyLimit = 64 * 1024

    /// Adds `/inspect`.
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
                },
                .post: { request, context in
                    .json(TextReport(try text(of: try await request.bytes(upTo: bodyLimit, context))), status: .ok)
                },
            ]
        )
    }

    /// The `text` of a JSON body.
    private static func text(of body: [UInt8]) throws -> String {
        var problems: [Problem]
        do throws(JSONProblem) {
            guard let members = try JSONValue(parsing: body).members else {
                throw JSONProblem("the body is not a JSON object")
            }
            if case .string(let text)? = members["text"], !text.isEmpty { return text }
            problems = [Problem("text", "is required: a string that is not empty")]
        } catch {
            problems = [Problem("body", error.message)]
        }
        throw HTTPProblem(.badRequest, "There is no text to inspect.", problems: problems)
    }
}
