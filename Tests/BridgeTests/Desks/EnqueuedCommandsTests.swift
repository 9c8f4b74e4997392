import Contracts
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("Commands that were enqueued")
struct EnqueuedCommandsTests {
    private func entry(_ id: String, body: String = "x", at seconds: Int64 = 0) -> EnqueuedCommands.Entry {
        EnqueuedCommands.Entry(
            SendRequest(id: Samples.id(id), body: Array(body.utf8), facts: MessageFacts()),
            at: Samples.moment + .seconds(seconds)
        )
    }

    @Test("are known until they have a record; the first of an id stays")
    func known() {
        var commands = EnqueuedCommands()
        commands.add(entry("a"))
        commands.add(entry("a", body: "other"))
        #expect(commands[Samples.id("a")] == entry("a"))
        commands.remove(Samples.id("a"))
        #expect(commands[Samples.id("a")] == nil)
    }

    @Test("are never more than the limit, and the oldest go first")
    func bounded() {
        var commands = EnqueuedCommands(capacity: 3)
        for number in 0..<100 { commands.add(entry("\(number)", at: Int64(number))) }
        #expect(commands.count == 3)
        #expect((97..<100).allSatisfy { commands[Samples.id("\($0)")] != nil })
    }

    @Test("keep one that came again although its first coming was the oldest")
    func again() {
        var commands = EnqueuedCommands(capacity: 3)
        commands.add(entry("a", at: 0))
        commands.remove(Samples.id("a"))
        commands.add(entry("b", at: 1))
        commands.add(entry("a", at: 2))
        commands.add(entry("c", at: 3))
        commands.add(entry("d", at: 4))
        #expect(commands[Samples.id("a")] != nil)
        #expect(commands[Samples.id("b")] == nil)
        #expect(commands.count == 3)
    }

    @Test("take no more memory when many come and go")
    func churn() {
        var commands = EnqueuedCommands(capacity: 10)
        for number in 0..<10_000 {
            commands.add(entry("\(number)", at: Int64(number)))
            commands.remove(Samples.id("\(number)"))
        }
        #expect(commands.count == 0)
        commands.add(entry("last"))
        #expect(commands[Samples.id("last")] != nil)
    }
}
