import Bridge
import Contracts
import Hummingbird
import SMSCore

/// Reads the parameters of a list, and notes everything that is wrong with them.
struct ListQuery {
    private let request: Request
    private(set) var problems: [Problem] = []

    /// The parameters of a request.
    init(_ request: Request) {
        self.request = request
    }

    /// A parameter as it was written; nil when it is absent or empty.
    func text(_ name: String) -> String? {
        guard let text = request.uri.queryParameters[name[...]], !text.isEmpty else { return nil }
        return String(text)
    }

    /// A parameter that has to be read; nil when it is absent, or noted as a problem.
    mutating func value<Value>(_ name: String, _ rule: String, _ read: (String) -> Value?) -> Value? {
        guard let text = text(name) else { return nil }
        let value = read(text)
        if value == nil { problems.append(Problem(name, rule)) }
        return value
    }

    /// `limit`: how many items the answer has at most.
    mutating func limit(_ otherwise: Int, largest: Int) -> Int {
        value("limit", "must be a whole number from 1 to \(largest)") { text in
            Int(text).flatMap { (1...largest).contains($0) ? $0 : nil }
        } ?? otherwise
    }

    /// `cursor`: where the answer before ended.
    mutating func cursor<Place>(_ read: (String) -> Place?) -> Place? {
        value("cursor", "must be the `next` of an earlier answer") { PageCursor.decode($0).flatMap(read) }
    }

    /// Throws where something is wrong.
    func check() throws(HTTPProblem) {
        guard problems.isEmpty else {
            throw HTTPProblem(.badRequest, "The list cannot be read like that.", problems: problems)
        }
    }
}

extension MessageQuery {
    private static let defaultPage = 50
    private static let largestPage = 200

    /// The query of `GET /messages`.
    ///
    /// - Throws: ``HTTPProblem`` 400 with everything that is wrong.
    init(_ request: Request) throws(HTTPProblem) {
        var query = ListQuery(request)
        self.init(limit: query.limit(Self.defaultPage, largest: Self.largestPage))
        to = query.value("to", "must be a phone number, E.164") { try? PhoneNumberReader.read($0).get().e164 }
        from = query.value("from", "must be a sender: a number, a short code or a name") {
            try? Sender.read($0).get().display
        }
        let states = MessageStateWord.allCases.map(\.rawValue).joined(separator: ", ")
        state = query.value("state", "must be one of \(states)", MessageStateWord.init)
        campaignID = query.value("campaign_id", "must be a campaign's id") { CommandID($0)?.text }
        since = query.value("since", "must be a time as RFC 3339 has it", Timestamp.init(rfc3339:))
        until = query.value("until", "must be a time as RFC 3339 has it", Timestamp.init(rfc3339:))
        after = query.cursor { text in
            let words = text.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let moment = Int64(words[0]) else { return nil }
            return MessagePlace(createdAt: Timestamp(milliseconds: moment), tie: String(words[1]))
        }
        try query.check()
    }
}

extension MessagePlace {
    /// The place as the `next` of an answer.
    var cursor: String { PageCursor.encode("\(createdAt.milliseconds) \(tie)") }
}
