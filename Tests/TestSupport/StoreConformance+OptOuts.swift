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

    /// An entry for all senders, so many seconds after the samples' moment.
    private static func timed(_ second: Int) -> OptOut {
        OptOut(
            number: "+14155550100",
            source: .keyword,
            keyword: "STOP",
            messageUUID: "u-1",
            at: Samples.moment + .seconds(second)
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
        StoreConformance("the later of two changes wins in whatever order they come, and at one moment the entry") {
            store async throws in
            func stop(_ second: Int) async throws -> Bool {
                try await !store.add([timed(second)], isImport: false, now: Samples.moment + .seconds(99)).isEmpty
            }
            func start(_ second: Int) async throws -> Bool {
                let optIn = OptIn(
                    number: "+14155550100",
                    sender: "*",
                    source: .keyword,
                    at: Samples.moment + .seconds(second)
                )
                return try await store.remove(optIn, now: Samples.moment + .seconds(99)) != nil
            }
            #expect(try await stop(10))
            #expect(try await stop(30) == false)
            #expect(try await start(20) == false, "the second opt-out is later")
            #expect(try await start(30) == false)
            #expect(try await store.optOut(of: "+14155550100", sender: "*") == timed(10), "the first evidence stays")
            #expect(try await start(40))
            #expect(try await start(40) == false)
            #expect(try await stop(39) == false)
            #expect(try await store.optOut(of: "+14155550100", sender: "*") == nil)
            #expect(try await stop(40))
        },
        StoreConformance("who keeps the list takes off what he sees, whenever it was asked for") { store async throws in
            #expect(try await store.add(timed(10)))
            let removed = try await store.removeOptOut(of: "+14155550100", sender: "*", at: Samples.moment)
            #expect(removed == timed(10))
            // A handset's message from before what was taken off is older than that, too.
            let now = Samples.moment + .seconds(30)
            #expect(try await store.add([timed(9)], isImport: false, now: now) == [])
            // An import counts from now, whatever its entries say.
            #expect(try await store.add([timed(1)], isImport: true, now: now) == [timed(1)])
        },
        StoreConformance("an opt-in from the future was noted under a wrong clock, and bars no opt-out") {
            store async throws in
            _ = try await store.removeOptOut(of: "+14155550100", sender: "*", at: Samples.moment + .seconds(1_000))
            #expect(try await store.add(timed(10)))
        },
        StoreConformance("each change is to be published until it was, in order, under a place of its own") {
            store async throws in
            #expect(try await store.add([timed(1), entry("+14155550101")]).count == 2)
            #expect(try await store.add(timed(2)) == false)
            _ = try await store.removeOptOut(of: "+14155550100", sender: "*", at: Samples.moment + .seconds(3))
            let changes = try await store.unpublishedOptOutChanges(after: 0, limit: 9)
            #expect(changes.map(\.kind) == [.optOut, .optOut, .optIn])
            #expect(changes.map(\.number) == ["+14155550100", "+14155550101", "+14155550100"])
            #expect(changes.map(\.at) == [1, 0, 3].map { Samples.moment + .seconds($0) })
            #expect(changes.map(\.source) == [.keyword, .keyword, .api])
            #expect(changes.map(\.messageUUID) == ["u-1", "u-1", nil])
            #expect(try await store.unpublishedOptOutChanges(of: "+14155550100") == [changes[0], changes[2]])
            #expect(try await store.unpublishedOptOutChanges(after: changes[0].place, limit: 1) == [changes[1]])
            try await store.noteOptOutChangesPublished(changes.map(\.place))
            try await store.noteOptOutChangesPublished([])
            #expect(try await store.unpublishedOptOutChanges(after: 0, limit: 9) == [])
            #expect(try await store.add([timed(5)], isImport: true, now: Samples.moment + .seconds(5)).count == 1)
            let next = try await store.unpublishedOptOutChanges(after: 0, limit: 9)
            #expect(next.map(\.source) == [.import])
            #expect(next.allSatisfy { $0.place > changes[2].place })
        },
        StoreConformance("a sweep forgets opt-ins that nothing older can come after") { store async throws in
            _ = try await store.removeOptOut(of: "+14155550100", sender: "*", at: Samples.moment + .seconds(20))
            #expect(try await store.sweepReceipts(before: Samples.moment + .seconds(20)) == 0)
            #expect(try await store.sweepReceipts(before: Samples.moment + .seconds(21)) == 1)
            #expect(try await store.add([timed(10)], isImport: false, now: Samples.moment + .seconds(30)).count == 1)
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
