import Contracts
import SMSCore
import Testing

extension StoreConformance {
    private static let handset = "14155550100"
    private static let pause = Duration.seconds(3600)

    private static func reply(_ wish: OptOutKeywords.Wish, _ uuid: String, to sender: String = "14155550199") throws
        -> (reply: KeywordReply, body: [UInt8])
    {
        var texts = ReplyTexts()
        for wish in OptOutKeywords.Wish.allCases { texts[wish].standard = "Bye" }
        let message = InboundMessage(messageUUID: uuid, from: handset, to: sender, text: "STOP")
        let reply = try #require(KeywordReply(to: message, wish: wish, texts: texts, now: Samples.moment))
        return (reply, try reply.body())
    }

    private static func claim(_ uuid: String, _ wish: OptOutKeywords.Wish = .stop, after second: Int = 0) throws
        -> ReplyClaim
    {
        let (reply, body) = try reply(wish, uuid)
        return ReplyClaim(reply, body: body, at: Samples.moment + .seconds(second))
    }

    /// The record of the command that answers.
    private static func record(_ uuid: String, body: [UInt8]? = nil) throws -> MessageRecord {
        let (reply, written) = try reply(.stop, uuid)
        var facts = MessageFacts()
        facts.to = reply.handset.e164
        facts.from = reply.sender.display
        return MessageRecord(
            id: reply.id,
            bodyDigest: Digest.hex(body ?? written),
            lane: .send,
            facts: facts,
            now: Samples.moment
        )
    }

    private static func entry(_ uuid: String?, sender: String = "+14155550199") -> OptOut {
        OptOut(
            number: "+14155550100",
            sender: sender,
            source: .keyword,
            keyword: "STOP",
            messageUUID: uuid,
            at: Samples.moment
        )
    }

    static let replies: [StoreConformance] = [
        StoreConformance("one answer to a handset, by a number, of a kind, in the pause; again to its own message") {
            store async throws in
            #expect(try await store.claimReply(claim("u-1"), pause: pause))
            #expect(try await store.claimReply(claim("u-1", after: 9), pause: pause))
            #expect(try await !store.claimReply(claim("u-2", after: 10), pause: pause))
            #expect(try await store.claimReply(claim("u-2", .help, after: 10), pause: pause))
            let (other, body) = try reply(.stop, "u-3", to: "12345")
            #expect(try await store.claimReply(ReplyClaim(other, body: body, at: Samples.moment), pause: pause))
            #expect(try await !store.claimReply(claim("u-2", after: 3599), pause: pause))
            #expect(try await store.claimReply(claim("u-2", after: 3600), pause: pause))
            #expect(try await !store.claimReply(claim("u-1", after: 3601), pause: pause))
            // Made under a clock that was ahead.
            #expect(try await store.claimReply(claim("u-4"), pause: pause))
        },
        StoreConformance("a claimed answer to a STOP passes the entry that this STOP has made, and nothing else does") {
            store async throws in
            #expect(try await store.add(entry("u-1")))
            #expect(try await store.bar(on: record("u-1")) == .optedOut(entry("u-1")))
            #expect(try await store.claimReply(claim("u-1"), pause: pause))
            #expect(try await store.bar(on: record("u-1")) == nil)
            // Another text under its id, another command, and the answer to another message are barred.
            #expect(try await store.bar(on: record("u-1", body: Array("other".utf8))) == .optedOut(entry("u-1")))
            var other = Samples.record("r:1")
            other.facts.to = "+14155550100"
            other.facts.from = "+14155550199"
            #expect(try await store.bar(on: other) == .optedOut(entry("u-1")))
            #expect(try await store.bar(on: record("u-2")) == .optedOut(entry("u-1")))
            var intent = try record("u-1")
            intent.state = .sending(Attempt(number: 1, since: Samples.moment, owner: BootID("b")))
            guard case .begun = try await store.begin(intent) else {
                Issue.record("the intent was not written")
                return
            }
        },
        StoreConformance("an entry for all senders bars the answer too, unless the STOP has made it") {
            store async throws in
            #expect(try await store.add(entry("u-1")))
            #expect(try await store.claimReply(claim("u-1"), pause: pause))
            let forAll = entry(nil, sender: "*")
            #expect(try await store.add(forAll))
            #expect(try await store.bar(on: record("u-1")) == .optedOut(forAll))
            #expect(try await store.removeOptOut(of: "+14155550100", sender: "*") == forAll)
            #expect(try await store.removeOptOut(of: "+14155550100", sender: "+14155550199") == entry("u-1"))
            #expect(try await store.add(entry("u-1", sender: "*")))
            #expect(try await store.bar(on: record("u-1")) == nil)
        },
        StoreConformance("claims are swept when they are old") { store async throws in
            #expect(try await store.claimReply(claim("u-1"), pause: pause))
            #expect(try await store.sweepReceipts(before: Samples.moment) == 0)
            #expect(try await store.sweepReceipts(before: Samples.moment + .seconds(1)) == 1)
            #expect(try await store.claimReply(claim("u-2", after: 2), pause: pause))
        },
    ]
}
