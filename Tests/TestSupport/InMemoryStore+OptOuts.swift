package import SMSCore

extension InMemoryStore: OptOutStore {
    package func add(_ optOut: OptOut) async throws -> Bool { try await !add([optOut]).isEmpty }

    package func add(_ optOuts: [OptOut]) async throws -> [OptOut] {
        if let failure { throw failure }
        var added: [OptOut] = []
        for optOut in optOuts {
            let place = OptOutPlace(number: optOut.number, sender: optOut.sender)
            guard self.optOuts[place] == nil else { continue }
            self.optOuts[place] = optOut
            added.append(optOut)
        }
        return added
    }

    package func removeOptOut(of number: String, sender: String) async throws -> OptOut? {
        if let failure { throw failure }
        return optOuts.removeValue(forKey: OptOutPlace(number: number, sender: sender))
    }

    package func optOut(of number: String, sender: String) async throws -> OptOut? {
        try check()
        return standingOptOut(of: number, sender: sender)
    }

    package func optOuts(after place: OptOutPlace?, limit: Int) async throws -> [OptOut] {
        try check()
        let sorted = optOuts.values.sorted { ($0.number, $0.sender) < ($1.number, $1.sender) }
        return Array(
            sorted.filter { ($0.number, $0.sender) > (place?.number ?? "", place?.sender ?? "") }.prefix(max(0, limit))
        )
    }

    func standingOptOut(of number: String, sender: String) -> OptOut? {
        optOuts[OptOutPlace(number: number, sender: sender)]
            ?? optOuts[OptOutPlace(number: number, sender: OptOut.everySender)]
    }
}
