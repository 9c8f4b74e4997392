import Contracts
package import SMSCore

extension InMemoryStore: MessageSearch {
    package func messages(_ query: MessageQuery) async throws -> MessagePage {
        try check()
        let all = records.values.filter { query.matches($0) }.sorted { place($0) > place($1) }
        let rest = query.after.map { after in
            all.filter { place($0) < (after.createdAt.milliseconds, Int(after.tie) ?? 0) }
        }
        let page = Array((rest ?? all).prefix(query.limit))
        guard page.count == query.limit, let last = page.last else { return MessagePage(records: page, next: nil) }
        return MessagePage(records: page, next: MessagePlace(createdAt: last.createdAt, tie: "\(place(last).1)"))
    }

    package func openMessages(_ kind: OpenKind, limit: Int) async throws -> [MessageRecord] {
        try check()
        let open = records.values.filter { record in
            switch (kind, record.state) {
            case (.uncertain, .uncertain): true
            case (.waiting, .pending): record.wait > 0
            default: false
            }
        }
        return Array(open.prefix(limit))
    }

    package func campaigns(below number: Int64?, limit: Int) async throws -> [CampaignRecord] {
        try check()
        let known = campaigns.campaigns.values.map(\.record).filter { $0.number < number ?? .max }
        return Array(known.sorted { $0.number > $1.number }.prefix(limit))
    }

    private func place(_ record: MessageRecord) -> (Int64, Int) {
        (record.createdAt.milliseconds, places[record.id] ?? 0)
    }
}
