import Bridge
import Contracts
import HTTPTypes
import Hummingbird
import SMSCore

/// What a page about the service shows: messages and timelines, the overview, campaigns, dead letters, configuration.
struct ConsoleRoutes: Sendable {
    private static let replayBodyBytes = 256 << 10
    /// How many ids one request may name.
    private static let replayIDs = 1_000

    /// Nil while another process serves; then every request is answered 503.
    let api: (any ConsoleAPI)?
    let sends: any SendAPI

    /// Adds the paths.
    ///
    /// - Parameters:
    ///   - routes: where to add them.
    ///   - guarded: lets only callers with access through.
    func add(to routes: inout RouteTable, through guarded: APIRoutes) {
        guarded.add("/messages", to: &routes, [.get: { request, _ in try await messages(request) }])
        guarded.add(
            "/messages/{id}/timeline",
            to: &routes,
            [.get: { _, context in try await timeline(context.commandID(or: MessageRoutes.unknown)) }]
        )
        guarded.add("/campaigns", to: &routes, [.get: { request, _ in try await campaigns(request) }])
        guarded.add("/overview", to: &routes, [.get: { _, _ in Self.fresh(try await serving.overview()) }])
        guarded.add(
            "/configuration",
            to: &routes,
            [.get: { _, _ in Self.fresh(Items(items: try serving.configuration)) }]
        )
        guarded.add("/dead-letters", .patient, to: &routes, [.get: { request, _ in try await deadLetters(request) }])
        guarded.add(
            "/dead-letters/replay",
            .patient,
            to: &routes,
            [.post: { request, context in try await replay(request, context) }]
        )
    }

    private var serving: any ConsoleAPI {
        get throws(NotServing) {
            guard let api else { throw NotServing() }
            return api
        }
    }

    // MARK: - Lists

    private func messages(_ request: Request) async throws -> Response {
        let api = try serving
        let page = try await api.messages(MessageQuery(request))
        return Self.fresh(Items(items: page.items, next: page.next?.cursor))
    }

    private func timeline(_ id: CommandID) async throws -> Response {
        if let items = try await serving.timeline(of: id) { return Self.fresh(Items(items: items)) }
        // It is in its queue, and nothing has happened to it.
        if try await sends.message(id) != nil { return Self.fresh(Items(items: [TimelineItem]())) }
        throw MessageRoutes.unknown
    }

    private func campaigns(_ request: Request) async throws -> Response {
        let api = try serving
        var query = ListQuery(request)
        let limit = query.limit(50, largest: 200)
        let below = query.cursor { Int64($0) }
        try query.check()
        let records = try await api.campaigns(below: below, limit: limit)
        let next = records.count == limit ? records.last.map { PageCursor.encode("\($0.number)") } : nil
        return Self.fresh(Items(items: records.map(CampaignItem.init), next: next))
    }

    private func deadLetters(_ request: Request) async throws -> Response {
        let api = try serving
        var query = ListQuery(request)
        let limit = query.limit(100, largest: 500)
        try query.check()
        return try await Self.reaching { Self.fresh(try await api.deadLetters(code: query.text("code"), limit: limit)) }
    }

    // MARK: - Replay

    private func replay(_ request: Request, _ context: ConnectionContext) async throws -> Response {
        let api = try serving
        let order = try Self.order(try await request.bytes(upTo: Self.replayBodyBytes, context))
        return try await Self.reaching { Self.fresh(try await api.replay(order)) }
    }

    private static func order(_ body: [UInt8]) throws(HTTPProblem) -> ReplayOrder {
        var problems: [Problem] = []
        var fields: [String: JSONValue] = [:]
        do throws(JSONProblem) {
            guard case .object(let object) = try JSONValue(parsing: body) else {
                throw JSONProblem("the body is not a JSON object")
            }
            fields = object.filter { $0.value != .null }
        } catch {
            throw HTTPProblem(
                .badRequest,
                "Nothing was replayed.",
                problems: [Problem("body", error.message)]
            )
        }
        func flag(_ name: String) -> Bool {
            switch fields[name] {
            case nil: return false
            case .bool(let flag): return flag
            case let other?:
                problems.append(Problem(name, "must be true or false, not \(other.kind)"))
                return false
            }
        }
        var selections: [ReplayOrder.Selection] = []
        if let given = fields["ids"] {
            let ids = Self.texts(given)
            if ids == nil || ids?.isEmpty == true || (ids?.count ?? 0) > replayIDs {
                problems.append(Problem("ids", "must be a list of 1 to \(replayIDs) ids or handles"))
            }
            selections.append(.ids(ids ?? []))
        }
        switch fields["code"] {
        case nil: break
        case .string(let code): selections.append(.code(code))
        case let other?: problems.append(Problem("code", "must be a string, not \(other.kind)"))
        }
        if flag("all") { selections.append(.all) }
        let (isForced, isDryRun) = (flag("force_resend"), flag("dry_run"))
        if problems.isEmpty, selections.count != 1 {
            problems.append(Problem("body", "names ids, or a code, or all: exactly one of these"))
        }
        guard problems.isEmpty, let selection = selections.first else {
            throw HTTPProblem(.badRequest, "Nothing was replayed.", problems: problems)
        }
        return ReplayOrder(selection, isForced: isForced, isDryRun: isDryRun)
    }

    private static func texts(_ value: JSONValue) -> [String]? {
        guard case .array(let values) = value else { return nil }
        let texts = values.compactMap { value in if case .string(let text) = value { text } else { nil } }
        return texts.count == values.count ? texts : nil
    }

    /// The answer of a body that looks at the dead letters, or why it cannot.
    private static func reaching(_ body: () async throws -> Response) async throws -> Response {
        do {
            return try await body()
        } catch let error as DeadLettersUnreachable {
            throw HTTPProblem.comeAgain(after: .seconds(5), error.reason)
        } catch is DeadLettersBusy {
            throw HTTPProblem.comeAgain(after: .seconds(2), "Another request is looking at the dead letters.")
        }
    }

    private static func fresh(_ value: some Encodable) -> Response {
        .json(value, status: .ok, headers: [.cacheControl: "no-store"])
    }
}

// MARK: - Bodies

/// A list; without `next` at its end.
private struct Items<Item: Encodable>: Encodable {
    let items: [Item]
    var next: String?

    private enum CodingKeys: CodingKey {
        case items, next
    }
}

/// A campaign in a list: the data of its last event, and its times.
private struct CampaignItem: Encodable {
    let event: CampaignEvent
    let createdAt: String
    let updatedAt: String

    init(_ record: CampaignRecord) {
        event = record.event
        createdAt = record.createdAt.rfc3339
        updatedAt = record.updatedAt.rfc3339
    }

    private enum CodingKeys: String, CodingKey {
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }

    func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(updatedAt, forKey: .updatedAt)
    }
}
