import FoundationEssentials

/// A refusal in Vonage's words: RFC 7807, types and titles as in its OpenAPI 1.20.0 and its SDKs' fixtures.
struct SimulatorProblem: Sendable, Equatable, Encodable {
    /// One parameter that is wrong.
    struct InvalidParameter: Sendable, Equatable, Encodable {
        let name: String
        let reason: String
    }

    let status: Int
    let type: String
    let title: String
    let detail: String
    var instance: String = ""
    var invalidParameters: [InvalidParameter]?

    private enum CodingKeys: String, CodingKey {
        case type, title, detail, instance
        case invalidParameters = "invalid_parameters"
    }

    private static let errors = "https://developer.vonage.com/api-errors"

    static let unauthorized = SimulatorProblem(
        status: 401,
        type: "\(errors)/#unathorized",
        title: "You did not provide correct credentials.",
        detail: "Check that you're using the correct credentials, and that your account has this feature enabled"
    )
    static let tokenExpired = SimulatorProblem(
        status: 401,
        type: "\(errors)#jwt-expired",
        title: "JWT Expired",
        detail: "The supplied JWT has expired"
    )
    static let invalidJSON = SimulatorProblem(
        status: 422,
        type: "\(errors)#invalid-json",
        title: "The request body did not contain valid JSON",
        detail: "Unexpected character: was expecting a JSON object"
    )
    static let notFound = SimulatorProblem(
        status: 404,
        type: "\(errors)#not-found",
        title: "Not Found",
        detail: "The requested resource does not exist, or you do not have access to it."
    )

    /// A 422 about one parameter.
    ///
    /// - Parameters:
    ///   - number: the number in the type's fragment.
    ///   - title: the title.
    ///   - name: the parameter.
    ///   - reason: what is wrong with it.
    /// - Returns: the problem.
    static func unprocessable(_ number: Int, _ title: String, _ name: String, _ reason: String) -> SimulatorProblem {
        SimulatorProblem(
            status: 422,
            type: "\(errors)/messages#\(number)",
            title: title,
            detail: reason,
            invalidParameters: [InvalidParameter(name: name, reason: reason)]
        )
    }

    /// The problem that Vonage documents for a status; a made-up one for others.
    ///
    /// - Parameter status: the HTTP status.
    /// - Returns: the problem.
    static func documented(_ status: Int) -> SimulatorProblem {
        switch status {
        case 401: unauthorized
        case 402:
            SimulatorProblem(
                status: 402,
                type: "\(errors)/#low-balance",
                title: "Low balance",
                detail: "This request could not be performed due to your account balance being low."
            )
        case 403:
            SimulatorProblem(
                status: 403,
                type: "\(errors)#forbidden",
                title: "Forbidden",
                detail: "Your account does not have permission to perform this action."
            )
        case 404: notFound
        case 422:
            unprocessable(1120, "Invalid sender", "from", "The `from` parameter is invalid for the given channel.")
        case 429:
            SimulatorProblem(
                status: 429,
                type: "\(errors)/messages#1010",
                title: "Rate limit hit",
                detail: "Please wait, then retry your request"
            )
        case 500:
            SimulatorProblem(
                status: 500,
                type: "\(errors)/messages#1000",
                title: "Internal error",
                detail: "There was an error processing your request in the Platform."
            )
        default:
            SimulatorProblem(
                status: status,
                type: "\(errors)#\(status)",
                title: "Status \(status)",
                detail: "The simulator was set to answer \(status)."
            )
        }
    }
}
