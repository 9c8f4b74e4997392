import FoundationEssentials

extension VonageSimulator {
    /// The messages, each with its body as it was received, its encoding, its segments and the attempts at its receipts.
    ///
    /// Attempts and faults are known of the latest 10,000 webhooks and requests.
    ///
    /// - Parameter query: `to=` and `client_ref=` choose, `search=` finds in numbers, ids, references and texts whatever
    ///   the case, `limit=` gives the latest.
    /// - Returns: a list in JSON, oldest first.
    func messageList(_ query: String) -> SimulatorResponse {
        let query = Query(query)
        var messages = ledger.messages
        if let to = query["to"] { messages = messages.filter { $0.to.hasPrefix(to) } }
        if let reference = query["client_ref"] { messages = messages.filter { $0.clientRef == reference } }
        let limit = max(query["limit"].flatMap { Int($0) } ?? messages.count, 0)
        if let words = query["search"]?.lowercased(), !words.isEmpty {
            messages = messages.reversed().lazy.filter { $0.contains(words) }.prefix(limit).reversed()
        }
        messages = messages.suffix(limit)

        let receipts = Dictionary(grouping: ledger.webhooks, by: \.messageUUID)
        let faults = Dictionary(
            ledger.requests.lazy.compactMap { request in
                request.messageUUID.flatMap { id in request.fault.map { (id, $0) } }
            }
        ) { first, _ in first }
        // The body is JSON already: it is spliced in as it stands, not parsed and written anew.
        var list: [UInt8] = [UInt8(ascii: "[")]
        for message in messages {
            let id = message.messageUUID
            let listed = ListedMessage(message, fault: faults[id], receipts: receipts[id] ?? [])
            guard let fields = try? SimulatorJSON.encode(listed) else { continue }
            if list.count > 1 { list.append(UInt8(ascii: ",")) }
            list += Array(#"{"body":"#.utf8) + message.body + [UInt8(ascii: ",")] + fields.dropFirst()
        }
        list.append(UInt8(ascii: "]"))
        return SimulatorResponse(status: 200, json: list)
    }

    /// The latest 1,000 messages from handsets, each with the attempts to deliver it.
    ///
    /// - Parameter query: `from=` chooses, `limit=` gives the latest.
    /// - Returns: a list in JSON, oldest first.
    func inboundList(_ query: String) -> SimulatorResponse {
        let query = Query(query)
        var messages = ledger.inbound
        if let from = query["from"] { messages = messages.filter { $0.from.hasPrefix(from) } }
        messages = messages.suffix(max(query["limit"].flatMap { Int($0) } ?? messages.count, 0))
        let attempts = Dictionary(grouping: ledger.webhooks, by: \.messageUUID)
        return json(messages.map { ListedInbound($0, deliveries: attempts[$0.messageUUID] ?? []) })
    }
}

extension SimulatedMessage {
    /// Whether its numbers, ids or text hold some characters.
    ///
    /// - Parameter words: in lower case.
    /// - Returns: whether one of them does.
    fileprivate func contains(_ words: String) -> Bool {
        [to, from, text, messageUUID, clientRef ?? ""].contains { $0.lowercased().contains(words) }
    }
}

/// What stands behind a path's question mark, decoded; the first of equal names counts.
private struct Query {
    private let items: [URLQueryItem]

    init(_ text: String) { items = URLComponents(string: "/?" + text)?.queryItems ?? [] }

    subscript(_ name: String) -> String? { items.first { $0.name == name }?.value }
}
