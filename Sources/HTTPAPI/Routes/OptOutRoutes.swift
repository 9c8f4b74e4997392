import Bridge
import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import SMSCore

/// The suppression list over HTTP.
struct OptOutRoutes: Sendable {
    private static let defaultPage = 100
    private static let largestPage = 1_000
    private static let bodyLimit = 4_096

    let desk: OptOutDesk

    /// Adds `/opt-outs` and `/opt-outs/{number}`.
    ///
    /// - Parameters:
    ///   - routes: where to add them.
    ///   - guarded: lets only those through who may.
    func add(to routes: inout RouteTable, through guarded: APIRoutes) {
        guarded.add("/opt-outs", to: &routes, [.get: { request, _ in try await list(request) }])
        guarded.add(
            "/opt-outs/{number}",
            to: &routes,
            [
                .put: { request, context in
                    let (number, sender) = try await Self.target(request, context)
                    _ = try await desk.add(number, sender: sender, source: .api, now: .now)
                    return Response(status: .noContent)
                },
                .delete: { request, context in
                    let (number, sender) = try await Self.target(request, context)
                    guard try await desk.remove(number, sender: sender, source: .api, now: .now) else {
                        throw HTTPProblem(.notFound, "This number is not on the list for this sender.")
                    }
                    return Response(status: .noContent)
                },
            ]
        )
    }

    // MARK: - Reading

    private func list(_ request: Request) async throws -> Response {
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

    private static func target(
        _ request: Request,
        _ context: ConnectionContext
    ) async throws -> (PhoneNumber, Sender?) {
        var problems: [Problem] = []
        let word = context.parameters.get("number").flatMap(PathWord.decode) ?? ""
        var number: PhoneNumber?
        switch PhoneNumberReader.read(word) {
        case .success(let read): number = read
        case .failure(let problem): problems.append(Problem("number", problem.description))
        }
        var sender: Sender?
        let body = try await request.bytes(upTo: bodyLimit)
        if !body.isEmpty {
            do throws(JSONProblem) {
                guard case .object(let object) = try JSONValue(parsing: body) else {
                    throw JSONProblem("the body is not a JSON object")
                }
                switch object["sender"] {
                case nil, .null, .string(OptOut.everySender): break
                case .string(let text):
                    switch Sender.read(text) {
                    case .success(let read): sender = read
                    case .failure(let problem): problems.append(Problem("sender", problem.message))
                    }
                default: problems.append(Problem("sender", "must be a string"))
                }
            } catch {
                problems.append(Problem("body", error.message))
            }
        }
        guard let number, problems.isEmpty else {
            throw HTTPProblem(.badRequest, "The list is not changed.", problems: problems)
        }
        return (number, sender)
    }
}

/// A place in the list as a word for the next request.
private enum Cursor {
    static func text(_ optOut: OptOut) -> String {
        Data("\(optOut.number) \(optOut.sender)".utf8).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    static func place(_ text: String) -> OptOutPlace? {
        let plain = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let padded = plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)
        guard let data = Data(base64Encoded: padded) else { return nil }
        let words = String(decoding: data, as: UTF8.self).split(separator: " ", maxSplits: 1)
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
