package import Contracts
package import SMSCore
import Testing

extension StoreConformance {
    private static func entry(_ number: String, _ sender: String = "*", keyword: String? = nil) -> OptOut {
        OptOut(
            number: number,
            sender: sender,
            source: .keyword,
            keyword: keyword,
            messageUUID: "u-1",
            at: Samples.moment
        )
    }

    static let optOuts: [StoreConformance] = [
        StoreConformance("an opt-out comes back whole, and the first evidence stays") { store async throws in
            let first = entry("+14155550100", "+14155550199", keyword: "STOP")
            #expect(try await store.add(first))
            #expect(try await store.add(entry("+14155550100", "+14155550199", keyword: "QUIT")) == false)
            #expect(try await store.optOut(of: "+14155550100", sender: "+14155550199") == first)
            #expect(try await store.optOut(of: "+14155550100", sender: "Other") == nil)
            #expect(try await store.optOut(of: "+14155550101", sender: "+14155550199") == nil)
        },
        StoreConformance("an entry for all senders holds for each; a sender's own comes first") { store async throws in
            let all = entry("+14155550100")
            let own = entry("+14155550100", "Ours", keyword: "STOP")
            #expect(try await store.add([all, own]) == [all, own])
            #expect(try await store.add([all, own]) == [])
            #expect(try await store.optOut(of: "+14155550100", sender: "Ours") == own)
            #expect(try await store.optOut(of: "+14155550100", sender: "Other") == all)
            #expect(try await store.removeOptOut(of: "+14155550100", sender: "*") == all)
            #expect(try await store.removeOptOut(of: "+14155550100", sender: "*") == nil)
            #expect(try await store.optOut(of: "+14155550100", sender: "Other") == nil)
            #expect(try await store.optOut(of: "+14155550100", sender: "Ours") == own)
        },
        StoreConformance("the list is read page by page, in order") { store async throws in
            let numbers = (0..<25).map { "+1415555\(1000 + $0)" }
            #expect(try await store.add(numbers.shuffled().flatMap { [entry($0), entry($0, "Ours")] }).count == 50)
            var read: [OptOut] = []
            while true {
                let place = read.last.map { OptOutPlace(number: $0.number, sender: $0.sender) }
                let page = try await store.optOuts(after: place, limit: 7)
                read += page
                if page.count < 7 { break }
            }
            #expect(read.map(\.number) == numbers.flatMap { [$0, $0] })
            #expect(Set(read.map(\.sender)) == ["*", "Ours"])
            #expect(try await store.optOuts(after: nil, limit: 0) == [])
        },
        StoreConformance("an intent to write to one who opted out is barred, and nothing is written") {
            store async throws in
            var record = Samples.sending("a")
            record.facts.to = "+14155550100"
            record.facts.from = "+14155550199"
            let own = entry("+14155550100", "+14155550199", keyword: "STOP")
            _ = try await store.add(own)
            #expect(try await store.begin(record) == .barred(.optedOut(own)))
            #expect(try await store.bar(on: record) == .optedOut(own))
            #expect(try await store.record(of: record.id) == nil)
            _ = try await store.removeOptOut(of: own.number, sender: own.sender)
            guard case .begun = try await store.begin(record) else {
                Issue.record("still barred")
                return
            }
        },
    ]
}

extension MessageStore {
    /// What forbids to send a command of which only this is known.
    package func bar(on id: CommandID, campaignID: String?) async throws -> Bar? {
        try await bar(on: Samples.record(id.text, campaign: campaignID))
    }
}
