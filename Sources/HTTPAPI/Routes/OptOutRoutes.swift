import Bridge
import Contracts
import HTTPTypes
import Hummingbird
import SMSCore

/// The suppression list over HTTP.
struct OptOutRoutes: Sendable {
    private static let defaultPage = 100
    private static let largestPage = 1_000
    private static let bodyLimit = 4_096

    /// Nil while another process serves the list; then every request is answered 503.
    let desk: OptOutDesk?

    /// Adds `/opt-outs` and `/opt-outs/{number}`.
    func add(to routes: inout RouteTable, through guarded: APIRoutes) {
        guarded.add("/opt-outs", to: &routes, [.get: { request, _ in try await list(request, try serving) }])
        guarded.add(
            "/opt-outs/{number}",
            to: &routes,
            [
                .put: { request, context in
                    let desk = try serving
                    let (number, sender) = try await Self.target(request, context, inQuery: false)
                    _ = try await desk.add(number, sender: sender, source: .api, now: .now)
                    return Response(status: .noContent)
                },
                .delete: { request, context in
                    let desk = try serving
                    let (number, sender) = try await Self.target(request, context, inQuery: true)
                    guard try await desk.remove(number, sender: sender, source: .api, now: .now) else {
                        throw HTTPProblem(.notFound, "This number is not on the list for this sender.")
                    }
                    return Response(status: .noContent)
                },
            ]
        )
    }

    private var serving: OptOutDesk {
        get throws(NotServing) {
            guard let desk else { throw NotServing() }
            return desk
        }
    }

    // MARK: - Reading

    private func list(_ request: Request, _ desk: OptOutDesk) async throws -> Response {
        var problems: [Problem] = []
        let limit = request.uri.queryParameters["limit"].map { Int($0) ?? 0 } ?? Self.defaultPage
        if !(1...Self.largestPage).contains(limit) {
            problems.append(Problem("limit", "must be a whole number from 1 to \(Self.largestPage)"))
        }
        var place: OptOutPlace?
        if let text = request.uri.queryParameters["cursor"] {
            place = Cursor.place(String(text))
            if place == nil { problems.append(Problem("cursor", "must be the `next` of an earlier answer")) }
        }
        guard problems.isEmpty else {
            throw HTTPProblem(.badRequest, "The list cannot be read like that.", problems: problems)
        }
        let optOuts = try await desk.list(after: place, limit: limit)
        let next = optOuts.count == limit ? optOuts.last.map(Cursor.text) : nil
        return .json(
            Page(items: optOuts.map(OptOutListing.init), next: next),
            status: .ok,
            headers: [.cacheControl: "no-store"]
        )
    }

    /// Whose entry is meant.
    private enum Whose: Hashable {
        case everySender
        case one(Sender)

        var sender: Sender? {
            switch self {
            case .everySender: nil
            case .one(let sender): sender
            }
        }

        /// Reads a sender, or says what is wrong with it.
        static func read(_ text: String) -> Result<Whose, JSONProblem> {
            text == OptOut.everySender ? .success(.everySender) : Sender.read(text).map(Whose.one)
        }
    }

    /// The number and the sender that a request is about.
    ///
    /// With `inQuery` the sender may stand in the query too: proxies drop the body of a `DELETE`, and without its
    /// sender that would be another request.
    private static func target(
        _ request: Request,
        _ context: ConnectionContext,
        inQuery: Bool
    ) async throws -> (PhoneNumber, Sender?) {
        var problems: [Problem] = []
        let word = context.parameters.get("number").flatMap(PathWord.decode) ?? ""
        var number: PhoneNumber?
        switch PhoneNumberReader.read(word) {
        case .success(let read): number = read
        case .failure(let problem): problems.append(Problem("number", problem.description))
        }
        var named = try await bodySender(request, context, &problems).map { [$0] } ?? []
        if inQuery {
            for text in request.uri.queryParameters[values: "sender"] {
                switch Whose.read(String(text)) {
                case .success(let whose): named.append(whose)
                case .failure(let problem): problems.append(Problem("sender", problem.message))
                }
            }
            if Set(named).count > 1 { problems.append(Problem("sender", "is given more than once, and differently")) }
        }
        guard let number, problems.isEmpty else {
            throw HTTPProblem(.badRequest, "The list is not changed.", problems: problems)
        }
        return (number, named.first?.sender)
    }

    /// The sender that the body names; nil when it names none.
    private static func bodySender(
        _ request: Request,
        _ context: ConnectionContext,
        _ problems: inout [Problem]
    ) async throws -> Whose? {
        let body = try await request.bytes(upTo: bodyLimit, context)
        guard !body.isEmpty else { return nil }
        do throws(JSONProblem) {
            guard case .object(let object) = try JSONValue(parsing: body) else {
                throw JSONProblem("the body is not a JSON object")
            }
            switch object["sender"] {
            case nil, .null: return nil
            case .string(let text):
                switch Whose.read(text) {
                case .success(let whose): return whose
                case .failure(let problem): problems.append(Problem("sender", problem.message))
                }
            default: problems.append(Problem("sender", "must be a string"))
            }
        } catch {
            problems.append(Problem("body", error.message))
        }
        return nil
    }
}

/// A place in the list as a word for the next request.
private enum Cursor {
    static func text(_ optOut: OptOut) -> String {
        PageCursor.encode("\(optOut.number) \(optOut.sender)")
    }

    static func place(_ text: String) -> OptOutPlace? {
        let words = PageCursor.decode(text)?.split(separator: " ", maxSplits: 1) ?? []
        guard words.count == 2 else { return nil }
        return OptOutPlace(number: String(words[0]), sender: String(words[1]))
    }
}

private struct Page: Encodable {
    let items: [OptOutListing]
    /// Where the list goes on; absent at its end.
    let next: String?

    private enum CodingKeys: CodingKey {
        case items, next
    }
}
