import Contracts
import HTTPTypes
import Hummingbird
import NIOCore

/// An answer that says what is wrong, as `application/problem+json` (RFC 9457); handlers return or throw it.
struct HTTPProblem: Error, Sendable {
    /// The HTTP status.
    let status: HTTPResponse.Status
    /// What is wrong, as a sentence; nothing of the request is quoted.
    let sentence: String
    /// Everything that is wrong with the input, where that is known.
    let problems: [Problem]
    /// The id of the command that it is about, where there is one and the client cannot know it otherwise.
    let id: String?
    /// Header fields besides those of every answer.
    let headers: HTTPFields

    /// A problem.
    ///
    /// - Parameters:
    ///   - status: the HTTP status.
    ///   - sentence: what is wrong.
    ///   - problems: everything that is wrong with the input.
    ///   - id: the id of the command that it is about.
    ///   - headers: header fields besides those of every answer.
    init(
        _ status: HTTPResponse.Status,
        _ sentence: String,
        problems: [Problem] = [],
        id: String? = nil,
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.sentence = sentence
        self.problems = problems
        self.id = id
        self.headers = headers
    }

    /// A problem that goes away: 503 with `Retry-After`.
    ///
    /// - Parameters:
    ///   - delay: when to try again, sent in whole seconds, at least one.
    ///   - sentence: what is wrong.
    ///   - id: the id of the command that it is about.
    /// - Returns: the problem.
    static func comeAgain(after delay: Duration, _ sentence: String, id: String? = nil) -> HTTPProblem {
        HTTPProblem(.serviceUnavailable, sentence, id: id, headers: [.retryAfter: "\(delay.wholeSeconds)"])
    }

    /// The answer.
    var response: Response { .json(document, status: status, type: "application/problem+json", headers: headers) }

    /// The answer's body.
    var body: ByteBuffer { (try? JSONBytes.encode(document)).map(ByteBuffer.init(bytes:)) ?? ByteBuffer() }

    private var document: Document {
        Document(
            title: status.reasonPhrase,
            status: status.code,
            detail: sentence,
            error: sentence,
            problems: problems.isEmpty ? nil : problems,
            id: id
        )
    }

    private struct Document: Encodable {
        let type = "about:blank"
        let title: String
        let status: Int
        let detail: String
        let error: String
        let problems: [Problem]?
        let id: String?

        private enum CodingKeys: CodingKey {
            case type, title, status, detail, error, problems, id
        }
    }
}

extension Response {
    /// An answer in JSON.
    ///
    /// - Returns: the answer; with an empty body in the case, which does not arise, that the value cannot be encoded.
    static func json(
        _ value: some Encodable,
        status: HTTPResponse.Status,
        type: String = "application/json",
        headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = type
        let bytes = (try? JSONBytes.encode(value)) ?? []
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension Duration {
    /// Seconds, rounded up, at least one.
    var wholeSeconds: Int64 { max(1, components.seconds + (components.attoseconds > 0 ? 1 : 0)) }
}
