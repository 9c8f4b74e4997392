import Contracts
import Foundation
import Logging
import SMSCore
import TestSupport
import Testing

@testable import Bridge

/// A handset that writes to us: its webhooks, and the outbound flow that carries the answers out, over one store.
private struct ReplyBench {
    let out: Bench
    let flow: WebhookFlow
    private let reader = ScriptedReader()

    /// A bench; one after another can share what outlives a process.
    init(
        after old: ReplyBench? = nil,
        scope: OptOutScope = .sender,
        pause: Duration = .seconds(3600),
        onStep: @escaping InboundStep.Hook = { _ in },
        onOutboundStep: @escaping OutboundStep.Hook = { _ in }
    ) {
        out = Bench(boot: old == nil ? "one" : "two", after: old?.out, sender: old?.out.sender, onStep: onOutboundStep)
        var texts = ReplyTexts()
        texts.stop.standard = "No more messages."
        texts.start.standard = "Welcome back."
        texts.help.standard = "Help is at hand."
        if let shop = Sender("12345") { texts.stop.bySender[shop] = "The shop is silent." }
        flow = out.wiring.webhookFlow(
            reader: reader,
            keywords: OptOutKeywords(stop: ["STOP"], start: ["START"], help: ["HELP", "STOP"]),
            scope: scope,
            replies: (texts, pause),
            onStep: onStep
        )
    }

    /// Posts a handset's message, written now unless it says otherwise.
    @discardableResult
    func write(
        _ text: String,
        _ uuid: String,
        from handset: String = "14155550100",
        to sender: String = "14155550199",
        at moment: Timestamp? = nil
    ) async -> WebhookAnswer {
        var message = InboundMessage(messageUUID: uuid, from: handset, to: sender, text: text)
        message.timestamp = moment ?? out.now
        return await flow.receive(reader.webhook(saying: .message(message), .inbound))
    }

    /// The answers that are on their way to the outbound flow.
    var commands: [BrokerMessage] { out.publisher.carriers.filter { $0.exchange == "sms.retry.due" } }

    /// Carries out every command that was published, each as often as it was.
    func carryOut() async throws {
        for command in commands { try await out.flow.handle(out.delivery(of: command)) }
        try await out.travel()
    }

    /// The texts that were sent.
    var sent: [String] { get async { await out.sender.sent.map(\.text) } }
    var inboundTypes: [String] {
        out.publisher.published.filter { $0.exchange == "sms.inbound" }.compactMap(\.properties.type)
    }
}

@Suite("Answers to keywords", .timeLimit(.minutes(3)))
struct KeywordReplyTests {
    @Test("a STOP is confirmed once, from the number that was written to, although the number is on the list by then")
    func stop() async throws {
        let bench = ReplyBench()
        #expect(await bench.write("Stop.", "in-1") == .taken)
        let command = try #require(bench.commands.first)
        #expect(command.routingKey == "send")
        #expect(command.properties.messageID?.hasPrefix("r:") == true)
        try await bench.carryOut()
        let sms = try #require(await bench.out.sender.sent.first)
        #expect(sms.text == "No more messages." && sms.to.e164 == "+14155550100" && sms.from.display == "+14155550199")
        #expect(sms.ttlSeconds == 300)
        // Nothing else passes the list.
        try await bench.out.flow.handle(bench.out.delivery(id: "other"))
        #expect(await bench.sent == ["No more messages."])
        #expect(try bench.out.publisher.events().last?.type == "sms.outbound.suppressed")
    }

    @Test("ten STOPs, each repeated and doubled: one confirmation")
    func tenStops() async throws {
        let bench = ReplyBench()
        for number in 0..<10 {
            async let first = bench.write("STOP", "in-\(number)")
            async let second = bench.write("STOP", "in-\(number)")
            #expect(await [first, second] == [.taken, .taken])
            await bench.write("STOP", "in-\(number)")
            bench.out.clock.pass(.seconds(400))
        }
        try await bench.carryOut()
        try await bench.carryOut()
        #expect(await bench.sent.isEmpty, "it was carried out after 5 minutes")
        let other = ReplyBench()
        for number in 0..<10 {
            await other.write("STOP", "in-\(number)")
            await other.write("STOP", "in-\(number)")
            try await other.carryOut()
        }
        #expect(await other.sent == ["No more messages."])
    }

    @Test("the process ends at any step of the webhook: the repeat confirms once", arguments: InboundStep.allCases)
    func crash(step: InboundStep) async throws {
        let first = ReplyBench(onStep: { if $0 == step { throw TestProblem("dies at \(step)") } })
        #expect(await first.write("STOP", "in-1") != .taken)
        let second = ReplyBench(after: first)
        #expect(await second.write("STOP", "in-1", at: Bench.start) == .taken)
        #expect(await second.write("STOP", "in-1", at: Bench.start) == .taken)
        try await second.carryOut()
        #expect(await second.sent == ["No more messages."])
    }

    @Test("the process ends at any step of the answer: it is sent once at most", arguments: OutboundStep.allCases)
    func crashOfAnswer(step: OutboundStep) async throws {
        let first = ReplyBench(onOutboundStep: { if $0 == step { throw TestProblem("dies at \(step)") } })
        await first.write("STOP", "in-1")
        do { try await first.carryOut() } catch is TestProblem {}
        let second = ReplyBench(after: first)
        try await second.carryOut()
        try await second.carryOut()
        let sent = await second.sent
        // Where the process died between intent and answer it is not known whether it was sent, and nothing proves it.
        #expect(sent == (step == .intentWritten ? [] : ["No more messages."]))
    }

    @Test("after five minutes nothing is answered: neither late, nor to an old message")
    func late() async throws {
        let bench = ReplyBench()
        await bench.write("STOP", "in-1", at: Bench.start - .seconds(300))
        #expect(bench.commands.isEmpty)
        await bench.write("STOP", "in-2", from: "14155550102", at: Bench.start - .seconds(299))
        bench.out.clock.pass(.seconds(2))
        try await bench.carryOut()
        #expect(await bench.sent.isEmpty)
        #expect(try bench.out.publisher.events().map(\.type) == ["sms.outbound.expired"])
    }

    @Test("only who is on the list by this STOP gets its confirmation")
    func notOnList() async throws {
        let bench = ReplyBench()
        // A START that is newer had come before.
        await bench.write("START", "in-1", at: Bench.start)
        bench.out.clock.pass(.seconds(60))
        await bench.write("STOP", "in-2", at: Bench.start - .seconds(30))
        try await bench.carryOut()
        #expect(await bench.sent == ["Welcome back."])
        await bench.write("STOP", "in-3")
        await bench.write("START", "in-4", at: bench.out.now + .seconds(1))
        #expect(try await bench.out.store.optOut(of: "+14155550100", sender: "+14155550199") != nil)
    }

    @Test("who was put on the list for all senders by a person gets no confirmation")
    func barredForAll() async throws {
        let bench = ReplyBench()
        let entry = OptOut(number: "+14155550100", source: .api, at: Bench.start)
        #expect(try await bench.out.store.add(entry))
        await bench.write("STOP", "in-1")
        await bench.write("HELP", "in-2")
        try await bench.carryOut()
        #expect(await bench.sent.isEmpty)
    }

    @Test("a HELP is an event and an answer; a word of several lists is a STOP; HELP of who has opted out gets none")
    func help() async throws {
        let bench = ReplyBench()
        await bench.write("help", "in-1")
        try await bench.carryOut()
        #expect(await bench.sent == ["Help is at hand."])
        #expect(bench.inboundTypes == ["sms.inbound.message", "sms.inbound.help"])
        let event = try #require(bench.out.publisher.published.first { $0.properties.type == "sms.inbound.help" })
        #expect(event.routingKey == "help.14155550199" && event.properties.messageID == "in-1/help")
        await bench.write("STOP", "in-2")
        await bench.write("HELP", "in-3", at: bench.out.now)
        try await bench.carryOut()
        #expect(await bench.sent == ["Help is at hand.", "No more messages."])
    }

    @Test("one answer per handset, number and kind in the pause; another number has its own text and pause")
    func pause() async throws {
        let bench = ReplyBench()
        for number in 0..<3 {
            await bench.write("HELP", "in-\(number)")
            bench.out.clock.pass(.seconds(60))
        }
        await bench.write("STOP", "in-s", to: "12345")
        try await bench.carryOut()
        #expect(await bench.sent.sorted() == ["Help is at hand.", "The shop is silent."])
        bench.out.clock.pass(.seconds(3600))
        await bench.write("HELP", "in-9")
        try await bench.carryOut()
        #expect(await bench.sent.count == 3)
    }

    @Test("short codes and names get no answer", arguments: ["12345", "ACME", "0123"])
    func notHandsets(from: String) async throws {
        let bench = ReplyBench()
        await bench.write("HELP", "in-1", from: from)
        await bench.write("STOP", "in-2", from: from)
        #expect(bench.commands.isEmpty)
    }

    @Test("two automata that face each other stop after one answer")
    func automata() async throws {
        let bench = ReplyBench()
        // The other side answers each of our messages with HELP, at once.
        for number in 0..<20 {
            let before = await bench.sent.count
            await bench.write("HELP", "in-\(number)")
            try await bench.carryOut()
            bench.out.clock.pass(.seconds(1))
            if await bench.sent.count == before { break }
        }
        #expect(await bench.sent.count == 1)
    }

    @Test("with the scope all, a STOP is for all senders, is confirmed, and a START takes back what it made")
    func scope() async throws {
        let bench = ReplyBench(scope: .all)
        await bench.write("STOP", "in-1")
        #expect(try await bench.out.store.optOut(of: "+14155550100", sender: "Another")?.sender == "*")
        try await bench.carryOut()
        #expect(await bench.sent == ["No more messages."])
        bench.out.clock.pass(.seconds(10))
        await bench.write("START", "in-2", to: "12345")
        #expect(try await bench.out.store.optOut(of: "+14155550100", sender: "Another") == nil)
        let entry = OptOut(number: "+14155550101", source: .api, at: Bench.start)
        #expect(try await bench.out.store.add(entry))
        await bench.write("START", "in-3", from: "14155550101")
        #expect(try await bench.out.store.optOut(of: "+14155550101", sender: "Another") == entry)
    }
}
