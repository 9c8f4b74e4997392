import Contracts
import SMSCore
import Testing

extension StoreConformance {
    static let cancellations: [StoreConformance] = [
        StoreConformance("nothing is barred before anything was cancelled") { store async throws in
            #expect(try await store.bar(on: Samples.id("a"), campaignID: "spring") == nil)
            #expect(try await store.bar(on: Samples.id("a"), campaignID: nil) == nil)
        },
        StoreConformance("a cancelled command is barred, known or not, and no other") { store async throws in
            try await store.cancel(.command(Samples.id("a")), at: Samples.moment)
            #expect(try await store.bar(on: Samples.id("a"), campaignID: nil) == .cancelled)
            #expect(try await store.bar(on: Samples.id("a"), campaignID: "spring") == .cancelled)
            #expect(try await store.bar(on: Samples.id("b"), campaignID: nil) == nil)
            // The id of a command is not the name of a campaign.
            #expect(try await store.bar(on: Samples.id("b"), campaignID: "a") == nil)
        },
        StoreConformance("of a cancelled campaign every command is barred, and no other") { store async throws in
            try await store.cancel(.campaign("spring"), at: Samples.moment)
            #expect(try await store.bar(on: Samples.id("a"), campaignID: "spring") == .cancelled)
            #expect(try await store.bar(on: Samples.id("b"), campaignID: "spring") == .cancelled)
            #expect(try await store.bar(on: Samples.id("a"), campaignID: "summer") == nil)
            #expect(try await store.bar(on: Samples.id("spring"), campaignID: nil) == nil)
        },
        StoreConformance("an intent of a cancelled command is barred and changes nothing") { store async throws in
            let known = try #require(try await store.save(Samples.record("known")))
            for id in ["known", "new"] { try await store.cancel(.command(Samples.id(id)), at: Samples.moment) }
            var intent = Samples.sending("known")
            intent.version = known.version
            #expect(try await store.begin(intent) == .barred(.cancelled))
            #expect(try await store.record(of: known.id) == known)
            #expect(try await store.begin(Samples.sending("new")) == .barred(.cancelled))
            #expect(try await store.record(of: Samples.id("new")) == nil)
            guard case .begun = try await store.begin(Samples.sending("other")) else {
                Issue.record("another command is barred")
                return
            }
        },
        StoreConformance("an intent of a cancelled campaign is barred, one of another is not") { store async throws in
            try await store.cancel(.campaign("spring"), at: Samples.moment)
            #expect(try await store.begin(Samples.sending("a", campaign: "spring")) == .barred(.cancelled))
            #expect(try await store.record(of: Samples.id("a")) == nil)
            for intent in [Samples.sending("b", campaign: "summer"), Samples.sending("spring")] {
                #expect(try await store.begin(intent) == .begun(intent.afterFirstSave))
            }
        },
        StoreConformance("an intent that has lost is barred all the same when it is cancelled") { store async throws in
            let begun = Samples.sending("a")
            #expect(try await store.begin(begun) == .begun(begun.afterFirstSave))
            #expect(try await store.begin(begun) == .lost)
            try await store.cancel(.command(begun.id), at: Samples.moment)
            #expect(try await store.begin(begun) == .barred(.cancelled))
            #expect(try await store.record(of: begun.id) == begun.afterFirstSave)
        },
        StoreConformance("whatever was begun beside a cancellation was begun before it") { store async throws in
            let intents = (1...40).map { Samples.sending("a\($0)", campaign: "spring") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, intent) in intents.enumerated() {
                    group.addTask {
                        let result = try await store.begin(intent)
                        #expect(result == .begun(intent.afterFirstSave) || result == .barred(.cancelled))
                        let isWritten = try await store.record(of: intent.id) != nil
                        #expect(isWritten == (result != .barred(.cancelled)))
                    }
                    guard index == 20 else { continue }
                    group.addTask {
                        try await store.cancel(.campaign("spring"), at: Samples.moment)
                        let late = Samples.sending("late", campaign: "spring")
                        #expect(try await store.begin(late) == .barred(.cancelled))
                    }
                }
                try await group.waitForAll()
            }
        },
        StoreConformance("a cancelled command can still be saved as what it ended as") { store async throws in
            try await store.cancel(.command(Samples.id("a")), at: Samples.moment)
            #expect(try await store.save(Samples.record("a")) != nil)
        },
        StoreConformance("a sweep takes cancellations older than a day, and no others") { store async throws in
            let now = Samples.moment
            let dayAgo = now - .seconds(86_400)
            try await store.cancel(.command(Samples.id("old")), at: dayAgo - .milliseconds(1))
            try await store.cancel(.campaign("old"), at: dayAgo - .milliseconds(1))
            try await store.cancel(.command(Samples.id("kept")), at: dayAgo)
            try await store.cancel(.campaign("kept"), at: dayAgo)
            #expect(try await store.sweep(now: now, notesBefore: now) == 2)
            #expect(try await store.bar(on: Samples.id("old"), campaignID: "old") == nil)
            #expect(try await store.begin(Samples.sending("old", campaign: "old")) != .barred(.cancelled))
            #expect(try await store.bar(on: Samples.id("kept"), campaignID: nil) == .cancelled)
            #expect(try await store.bar(on: Samples.id("x"), campaignID: "kept") == .cancelled)
            #expect(try await store.sweep(now: now, notesBefore: now) == 0)
        },
        StoreConformance("cancelling once more lets it be remembered for longer") { store async throws in
            let target = CancelTarget.command(Samples.id("a"))
            try await store.cancel(target, at: Samples.moment)
            try await store.cancel(target, at: Samples.moment + .seconds(10))
            let day: Duration = .seconds(86_400)
            #expect(try await store.sweep(now: Samples.moment + day + .seconds(10), notesBefore: Samples.moment) == 0)
            #expect(try await store.bar(on: Samples.id("a"), campaignID: nil) == .cancelled)
            #expect(try await store.sweep(now: Samples.moment + day + .seconds(11), notesBefore: Samples.moment) == 1)
        },
        StoreConformance(
            "the pending records of a campaign come by id, whole, some at a time, and no others"
        ) { store async throws in
            // Ids are ordered as bytes are.
            let ids = ["B", "a", "a-", "a0", "b"]
            var expected: [MessageRecord] = []
            for id in ids.shuffled() {
                expected.append(try #require(try await store.save(Samples.record(id, campaign: "spring"))))
            }
            expected.sort { $0.id.text < $1.id.text }
            _ = try await store.save(Samples.record("aa", campaign: "summer"))
            _ = try await store.save(Samples.record("ab"))
            _ = try await store.save(Samples.sending("ac", campaign: "spring"))
            _ = try await store.save(Samples.full("ad", state: .uncertain(since: Samples.moment)))
            #expect(expected.map(\.id.text) == ids)
            #expect(try await store.pending(ofCampaign: "spring", after: nil, limit: 100) == expected)
            #expect(try await store.pending(ofCampaign: "spring", after: nil, limit: 2) == Array(expected[0..<2]))
            let rest = try await store.pending(ofCampaign: "spring", after: expected[1].id, limit: 2)
            #expect(rest == Array(expected[2..<4]))
            // The id to begin after need not be one that is there.
            let afterUnknown = try await store.pending(ofCampaign: "spring", after: Samples.id("a/"), limit: 9)
            #expect(afterUnknown == Array(expected[3...]))
            #expect(try await store.pending(ofCampaign: "spring", after: Samples.id("b"), limit: 9) == [])
            for limit in [0, -1] {
                #expect(try await store.pending(ofCampaign: "spring", after: nil, limit: limit) == [])
            }
            #expect(try await store.pending(ofCampaign: "autumn", after: nil, limit: 9) == [])
        },
        StoreConformance("a campaign has the records whose facts name it now, while they are pending") { store in
            var record = try #require(try await store.save(Samples.record("a")))
            #expect(try await store.pending(ofCampaign: "spring", after: nil, limit: 9) == [])
            record.facts.campaignID = "spring"
            record = try #require(try await store.save(record))
            #expect(try await store.pending(ofCampaign: "spring", after: nil, limit: 9) == [record])
            record.state = .sending(Attempt(number: 1, since: Samples.moment, owner: BootID("boot-1")))
            record = try #require(try await store.save(record))
            #expect(try await store.pending(ofCampaign: "spring", after: nil, limit: 9) == [])
            record.state = .pending
            record = try #require(try await store.save(record))
            #expect(try await store.pending(ofCampaign: "spring", after: nil, limit: 9) == [record])
        },
    ]
}

extension MessageRecord {
    /// The record as the store has it once this new one has been written.
    fileprivate var afterFirstSave: MessageRecord {
        var saved = self
        saved.version = 1
        return saved
    }
}
