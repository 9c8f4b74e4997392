import Contracts
import SMSCore
import Testing

extension StoreConformance {
    static let search: [StoreConformance] = [
        StoreConformance("messages are listed newest first, page by page, each once") { store async throws in
            // Several of one moment, so that the moment alone is no place.
            for number in 0..<7 {
                let at = Samples.moment + .seconds(Double(number / 3))
                _ = try #require(try await store.save(Samples.record("m\(number)", at: at)))
            }
            var query = MessageQuery(limit: 2)
            var ids: [String] = []
            for _ in 0..<10 {
                let page = try await store.messages(query)
                ids += page.records.map(\.id.text)
                query.after = page.next
                if page.next == nil { break }
            }
            #expect(query.after == nil)
            #expect(ids == ["m6", "m5", "m4", "m3", "m2", "m1", "m0"])
        },
        StoreConformance("messages are found by number, sender, state, campaign and age") { store async throws in
            var other = Samples.record("other", at: Samples.moment + .seconds(1))
            other.facts.to = "+447700900123"
            other.facts.from = "ACME"
            var doubtful = Samples.record("doubtful", campaign: "spring", at: Samples.moment + .seconds(2))
            doubtful.state = .uncertain(since: Samples.moment)
            doubtful.wait = 1
            var late = Samples.record("late", at: Samples.moment + .seconds(3))
            late.wait = 1
            let nameless = MessageRecord(
                id: Samples.id("nameless"),
                bodyDigest: "d",
                lane: .send,
                facts: MessageFacts(),
                now: Samples.moment + .seconds(4)
            )
            for record in [Samples.accepted("done", uuid: "u"), other, doubtful, late, nameless] {
                _ = try #require(try await store.save(record))
            }
            func found(_ narrow: (inout MessageQuery) -> Void) async throws -> [String] {
                var query = MessageQuery(limit: 10)
                narrow(&query)
                return try await store.messages(query).records.map(\.id.text)
            }
            #expect(try await found { _ in } == ["nameless", "late", "doubtful", "other", "done"])
            #expect(try await found { $0.to = "+447700900123" } == ["other"])
            #expect(try await found { $0.to = "+14155550101" } == ["late", "doubtful", "done"])
            #expect(try await found { $0.from = "ACME" } == ["other"])
            #expect(try await found { $0.state = .accepted } == ["done"])
            #expect(try await found { $0.state = .uncertain } == ["doubtful"])
            #expect(try await found { $0.state = .pending } == ["nameless", "late", "other"])
            #expect(try await found { ($0.to, $0.state) = ("+14155550101", .uncertain) } == ["doubtful"])
            #expect(try await found { ($0.from, $0.state) = ("ACME", .accepted) } == [])
            #expect(try await found { $0.campaignID = "spring" } == ["doubtful"])
            #expect(try await found { $0.since = Samples.moment + .seconds(3) } == ["nameless", "late"])
            #expect(try await found { $0.until = Samples.moment + .seconds(1) } == ["done"])
            #expect(try await store.openMessages(.uncertain, limit: 5).map(\.id.text) == ["doubtful"])
            #expect(try await store.openMessages(.waiting, limit: 5).map(\.id.text) == ["late"])
            #expect(try await store.openMessages(.waiting, limit: 0) == [])
        },
        StoreConformance("a message is found by the number that it has now, and not once it is swept") {
            store async throws in
            let end = Samples.moment + .seconds(1)
            let saved = try #require(try await store.save(Samples.accepted("a", uuid: "u", keepUntil: end)))
            var query = MessageQuery(limit: 5)
            query.to = saved.facts.to
            #expect(try await store.messages(query).records == [saved])
            #expect(try await store.sweep(now: end, notesBefore: Samples.moment) == 1)
            #expect(try await store.messages(query).records == [])
        },
    ]
}
