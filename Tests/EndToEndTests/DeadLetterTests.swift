import AMQP
import App
import Contracts
import Foundation
import TestSupport
import Testing
import Tools
import VonageSimulator

@Suite("The dead letters", .enabled(if: World.brokerURL != nil), .timeLimit(.minutes(3)))
struct DeadLetterTests {
    @Test("forty lists of fifty letters: each shows all of them in their order, and all of them stay")
    func list() async throws {
        try await World.with { world in
            try await world.declare()
            try await world.deadLetter((0..<50).map { world.letter("l-\($0)") })
            for _ in 0..<40 {
                let (code, output) = try await world.dead("list", "--json")
                #expect(code == 0)
                #expect(output.listedIDs == (0..<50).map { "l-\($0)" })
            }
            #expect(try await world.letterCount(becomes: 50))
        }
    }

    @Test("the list is a table, is cut by --code and --limit, and shows no body; show does when asked to")
    func show() async throws {
        try await World.with { world in
            try await world.declare()
            let doubtful = world.letter("two") { $0.code = "uncertain" }
            try await world.deadLetter([world.letter("one"), doubtful, world.letter(nil), world.letter("two")])
            let (code, table) = try await world.dead("list")
            #expect(code == 0)
            #expect(table.contains("ID             CODE               ATTEMPTS  ADVICE  DETAIL"))
            #expect(table.contains("one            retries_exhausted  6         replay  status 503"))
            #expect(table.contains("4 dead letters"))
            #expect(!table.contains("14155550100"))
            #expect(try await world.dead("list", "--json", "--code", "uncertain").1.listedIDs == ["two"])
            #expect(try await world.dead("list", "--json", "--limit", "2").1.listedIDs == ["one", "two"])
            #expect(try await world.dead("list", "--limit", "0").0 == 64)

            let handle = try #require(try await world.dead("list", "--json").1.listedIDs.first { $0.hasPrefix("@") })
            let (shown, text) = try await world.dead("show", handle)
            #expect(shown == 0)
            #expect(text.contains("sms-error-code: retries_exhausted"))
            #expect(!text.contains("14155550100"))
            #expect(try await world.dead("show", handle, "--body").1.contains("14155550100"))
            #expect(try await world.dead("show", "two", "--json").1.listedIDs == ["two", "two"])
            let (unknown, complaint) = try await world.dead("show", "three")
            #expect(unknown == 65)
            #expect(complaint.contains("no dead letter has the id three"))
            #expect(try await world.letterCount(becomes: 4))
        }
    }

    @Test("a failed command is carried out once more, with an event of its own, and its letter goes")
    func replay() async throws {
        try await World.with(extra: ["RETRY_MAX_ATTEMPTS": "1"]) { world in
            let service = try await world.startService()
            world.simulator.setFaults([FaultRule(.status, status: "503")])
            for id in ["once", "twice"] { try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: id) }
            let failures = try await world.events(2)
            #expect(Set(failures.map(\.id)) == ["once/failed", "twice/failed"])
            #expect(try await world.letterCount(becomes: 2))

            let (dry, plan) = try await world.dead("replay", "--all", "--dry-run")
            #expect(dry == 0)
            #expect(plan.contains("would replay once to send, replay 1"))
            #expect(try await world.letterCount(becomes: 2))

            // It fails again, with a letter and an event of its own; then it goes through.
            let (again, output) = try await world.dead("replay", "twice")
            #expect(again == 0, "\(output)")
            #expect(try await world.nextEvent().id == "twice/failed/1")
            world.simulator.setFaults([])
            let (code, report) = try await world.dead("replay", "--code", "retries_exhausted", "--json")
            #expect(code == 0)
            #expect(report.contains(#""replay":2,"result":"replayed""#))
            let events = try await world.events(2)
            #expect(Set(events.map(\.id)) == ["once/accepted/1", "twice/accepted/2"])
            #expect(try await world.letterCount(becomes: 0))
            #expect(world.simulator.messages.count == 2)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("what may have been sent is refused, the others are done; force sends it again")
    func uncertain() async throws {
        try await World.with(extra: ["UNCERTAIN_WAIT": "1s"]) { world in
            let service = try await world.startService()
            world.simulator.setFaults([FaultRule(.dropBefore, times: 1)])
            let body = #"{"to": "14155550100", "text": "x", "on_uncertain": "fail"}"#
            try await world.publish(body, id: "doubt")
            #expect(try await world.nextEvent().type == "sms.outbound.uncertain")
            #expect(try await world.nextEvent(within: .seconds(60)).id == "doubt/failed")
            try await world.deadLetter([
                world.letter("webhook") { $0.originalExchange = "webhook" }, world.letter("fresh"),
            ])
            #expect(try await world.letterCount(becomes: 3))

            let (code, output) = try await world.dead("replay", "doubt", "webhook", "fresh", "unknown")
            #expect(code == 65)
            #expect(output.contains("doubt stays: the handset may have its message already"))
            #expect(output.contains("webhook stays: it is a webhook"))
            #expect(output.contains("no dead letter has the id unknown"))
            #expect(output.contains("1 replayed, 2 refused, 1 unknown"))
            #expect(try await world.nextEvent().id == "fresh/accepted/1")
            #expect(try await world.letterCount(becomes: 2))

            #expect(try await world.dead("replay", "doubt", "--force-resend").0 == 0)
            #expect(try await world.nextEvent().id == "doubt/accepted/1")
            #expect(try await world.letterCount(becomes: 1))
            #expect(try await world.dead("replay", "webhook", "--force-resend").0 == 65)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a command that its lane does not take leaves its letter, and says so")
    func unroutable() async throws {
        try await World.with { world in
            try await world.declare()
            try await world.deadLetter([world.letter("stuck")])
            try await world.client.deleteQueue(world.names.queue(of: .send))
            let (code, output) = try await world.dead("replay", "--all")
            #expect(code == 69)
            #expect(output.contains("stuck stays"))
            #expect(output.contains("1 not taken by the broker"))
            #expect(try await world.letterCount(becomes: 1))
        }
    }

    @Test("what the broker itself gave up is a letter too, with its lane, and can be replayed")
    func givenUpByTheBroker() async throws {
        try await World.with { world in
            try await world.declare()
            try await world.publish(#"{"to": "14155550100", "text": "x"}"#, id: "given-up", lane: .bulk)
            let lane = try await world.client.consume(queue: world.names.queue(of: .bulk), prefetch: 1)
            try #require(await lane.next(within: .seconds(30))).reject(requeue: false)
            #expect(try await world.letterCount(becomes: 1))
            await lane.close()
            let (_, list) = try await world.dead("list", "--json")
            #expect(list.contains(#""detail":"the broker gave it up in queue '\#(world.names.prefix).send.bulk'""#))
            #expect(list.contains(#""routing_key":"send.bulk""#))
            let service = try await world.startService()
            #expect(try await world.dead("replay", "given-up").0 == 0)
            #expect(try await world.nextEvent().id == "given-up/accepted/1")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("at a rate letters go evenly, and are given back for each pause that is too long to hold them")
    func paced() async throws {
        try await World.with { world in
            try await world.declare()
            try await world.deadLetter((0..<4).map { world.letter("p-\($0)") })
            let begun = ContinuousClock.now
            let (code, output) = try await world.dead("replay", "--all", "--rate", "5/s")
            #expect(code == 0, "\(output)")
            #expect(ContinuousClock.now - begun >= .milliseconds(600))
            #expect(try await world.dead("replay", "--all", "--rate", "fast").0 == 64)

            try await world.deadLetter(
                (0..<4).map { world.letter("q-\($0)") { $0.code = $0.code + "-\($0.attempts)" } }
            )
            try await world.deadLetter([world.letter("stays")])
            var limits = DeadLetters.Limits()
            limits.heldPause = .zero
            let letters = DeadLetters(connection: world.client, names: world.names, limits: limits)
            var options = DeadLetters.ReplayOptions()
            options.pace = try .reading("20/s")
            var replayed: [String] = []
            let unknown = try await letters.replay(
                .code("retries_exhausted-6"),
                upTo: try await letters.census().count,
                options: options
            ) { letter, _ in replayed.append(letter.id) }
            #expect(unknown.isEmpty)
            #expect(replayed == (0..<4).map { "q-\($0)" })
            #expect(try await world.letterCount(becomes: 1))
            #expect(try await world.client.queueInfo(world.names.queue(of: .send))?.readyCount == 8)
        }
    }

    @Test("a purge takes what was chosen, and asks for consent or needs --yes")
    func purge() async throws {
        try await World.with { world in
            try await world.declare()
            let invalid = (0..<3).map { number in world.letter("i-\(number)") { $0.code = "invalid" } }
            try await world.deadLetter([world.letter("a"), world.letter("b"), world.letter("a")] + invalid)
            let (unasked, hint) = try await world.dead("purge", "--all")
            #expect(unasked == 64)
            #expect(hint.contains("--yes"))
            #expect(try await world.dead("purge", "--yes").0 == 64)
            #expect(try await world.dead("purge", "a", "--all", "--yes").0 == 64)
            #expect(try await world.letterCount(becomes: 6))

            let (code, output) = try await world.dead("purge", "--code", "invalid", "--yes", "--json")
            #expect(code == 0)
            #expect(output.contains(#"{"purged":3}"#))
            #expect(try await world.dead("list", "--json").1.listedIDs == ["a", "b", "a"])
            let (some, complaint) = try await world.dead("purge", "a", "c", "--yes")
            #expect(some == 65)
            #expect(complaint.contains("2 deleted"))
            #expect(complaint.contains("no dead letter has the id c"))
            #expect(try await world.dead("list", "--json").1.listedIDs == ["b"])
            #expect(try await world.dead("purge", "--all", "--yes").0 == 0)
            #expect(try await world.letterCount(becomes: 0))
        }
    }

    @Test("where the service never ran, that is said")
    func nowhere() async throws {
        try await World.with { world in
            let (code, output) = try await world.dead("list")
            #expect(code == 69)
            #expect(output.contains("has the service ever run on this broker?"))
        }
    }

    @Test("a walk that gives everything back after each letter, and takes pages of three, shows each letter once")
    func rounds() async throws {
        try await World.with { world in
            try await world.declare()
            let ids = (0..<20).map { "r-\($0)" }
            try await world.deadLetter(ids.map { world.letter($0) })
            var limits = DeadLetters.Limits()
            limits.pageSize = 3
            limits.hold = .zero
            let letters = DeadLetters(connection: world.client, names: world.names, limits: limits)
            var seen: [String] = []
            try await letters.walk(upTo: try await letters.census().count) { letter in
                seen.append(letter.id)
                return seen.count.isMultiple(of: 2) ? .remove(pausingUntil: nil) : .keep
            }
            #expect(seen.count == 20)
            #expect(Set(seen) == Set(ids))
            #expect(try await world.letterCount(becomes: 10))
            var left: Set<String> = []
            try await letters.walk(upTo: try await letters.census().count) { letter in
                left.insert(letter.id)
                return .keep
            }
            #expect(left == Set(stride(from: 0, to: 20, by: 2).map { seen[$0] }))
        }
    }

    @Test(
        "the broker stops in mid-walk: it goes on where it was, and each letter is shown once",
        .enabled(if: PrivateNode.script != nil)
    )
    func outage() async throws {
        try await PrivateNode.with { broker in
            try await World.with(brokerURL: broker.url) { world in
                try await world.declare()
                let ids = (0..<10).map { "o-\($0)" }
                try await world.deadLetter(ids.map { world.letter($0) })
                var limits = DeadLetters.Limits()
                limits.pageSize = 4
                let letters = DeadLetters(connection: world.client, names: world.names, limits: limits)
                var seen: [String] = []
                try await letters.walk(upTo: try await letters.census().count) { letter in
                    seen.append(letter.id)
                    // The ack of the letter in hand has no channel any more, and is made good for.
                    if seen.count == 6 {
                        try await broker("stop")
                        try await broker("start")
                    }
                    return seen.count.isMultiple(of: 2) ? .remove(pausingUntil: nil) : .keep
                }
                #expect(seen.count == 10)
                #expect(Set(seen) == Set(ids))
                #expect(try await world.letterCount(becomes: 5))
            }
        }
    }
}

extension World {
    /// Runs `sms-bridge dead` with the world's settings, without a terminal.
    ///
    /// - Returns: its exit code, nil when it had to be killed, and all that it printed.
    fileprivate func dead(_ arguments: String...) async throws -> (Int32?, String) {
        let process = Process()
        process.executableURL = ServiceProcess.binary
        process.arguments = ["dead"] + arguments
        process.environment = environment
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        // A file has everything when the process is over; a pipe may not have been read by then.
        let output = folder.appending(path: "output-\(UUID().uuidString)")
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        let exit = ExitLatch()
        process.terminationHandler = { exit.open($0.terminationStatus) }
        try process.run()
        let code = await exit.wait(.seconds(60))
        if code == nil { process.terminate() }
        return (code, String(decoding: try Data(contentsOf: output), as: UTF8.self))
    }

    /// Declares what the service declares at its start.
    fileprivate func declare() async throws {
        try await client.declare(BrokerTopology.of(names, isDeclaring: true))
    }

    /// A letter of a command that was tried six times.
    fileprivate func letter(_ id: String?, _ change: (inout DeadLetter) -> Void = { _ in }) -> BrokerMessage {
        var deadLetter = DeadLetter(
            code: "retries_exhausted",
            detail: "status 503",
            attempts: 6,
            firstSeen: .now,
            lastSeen: .now,
            originalExchange: names.commands,
            originalRoutingKey: "send",
            advice: .replay
        )
        change(&deadLetter)
        if deadLetter.code == "uncertain" { deadLetter.advice = .never }
        let original = BrokerMessage(
            exchange: names.commands,
            routingKey: "send",
            properties: .init(contentType: "application/json", messageID: id),
            body: Array(#"{"to": "14155550100", "text": "x"}"#.utf8)
        )
        return deadLetter.message(of: original, names: names)
    }

    /// Puts letters into the queue, in this order.
    fileprivate func deadLetter(_ letters: [BrokerMessage]) async throws {
        for letter in letters {
            try await client.publish(AMQPMessage(letter), to: letter.exchange, routingKey: letter.routingKey)
        }
    }

    /// Waits until no consumer holds dead letters and there are so many; the broker counts late what was given back.
    fileprivate func letterCount(becomes count: Int) async throws -> Bool {
        try await eventually {
            let info = try await client.queueInfo(names.dead)
            return info?.readyCount == count && info?.consumerCount == 0
        }
    }
}

extension String {
    /// The ids of a list in JSON.
    fileprivate var listedIDs: [String] {
        split(separator: "\n").compactMap { line in
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return object?["id"] as? String
        }
    }
}
