import Contracts
import Testing
import VonageSimulator

@Suite("The soak's ledger finds what is wrong")
struct SoakLedgerTests {
    private typealias Outcome = SoakLedger.Outcome

    /// A run in which all is well: accepted, failed as uncertain, cancelled and rejected commands, receipts, a handset.
    private let clean: SoakLedger = {
        var ledger = SoakLedger()
        for id in ["a", "b", "c", "d"] { ledger.commands[id] = SoakLedger.Command(id: id) }
        ledger.commands["c"]?.isCancelled = true
        ledger.provider.answers = ["202": 1, "no answer": 1, "422": 1]
        ledger.provider.messages = ["a": ["uuid-a"]]
        ledger.provider.receipts = ["uuid-a/submitted": 200, "uuid-a/delivered": 200]
        ledger.provider.inbound = ["uuid-h": 200]
        ledger.events.count = 8
        ledger.events.outcomes = [
            "a": ["a/accepted": Outcome(name: "accepted", messageUUID: "uuid-a")],
            "b": ["b/failed": Outcome(name: "failed", code: "uncertain")],
            "c": ["c/cancelled": Outcome(name: "cancelled", code: "cancelled")],
            "d": ["d/rejected": Outcome(name: "rejected", code: "provider_rejected")],
        ]
        ledger.events.uncertain = ["b"]
        ledger.events.receipts = ["uuid-a/submitted": ["1"], "uuid-a/delivered": ["2"]]
        ledger.events.inbound = ["uuid-h": ["3"]]
        ledger.events.letters = ["b": 1, "d": 2]
        ledger.leftovers = ["soak.send": 0]
        return ledger
    }()

    /// What goes wrong, and how the finding begins.
    private static let wrongs: [(String, @Sendable (inout SoakLedger) -> Void)] = [
        ("LOST: commands", { $0.events.outcomes["a"] = nil }),
        // What has no id and was not confirmed may be there, yet not twice.
        (
            "DUPLICATE: commands sent twice",
            {
                $0.commands["a"]?.copies = 0
                $0.provider.messages["a"]?.append("uuid-2")
            }
        ),
        ("LOST: receipts", { $0.events.receipts["uuid-a/delivered"] = nil }),
        ("LOST: handsets' messages", { $0.events.inbound = [:] }),
        ("LOST: dead letters", { $0.events.letters["d"] = nil }),
        ("LOST: dead letters", { $0.events.letters["b"] = nil }),
        ("LOST: webhooks refused", { $0.provider.receipts["uuid-a/read"] = 400 }),
        ("LOST: webhooks refused", { $0.provider.inbound["uuid-i"] = 401 }),
        ("DUPLICATE: commands sent twice", { $0.provider.messages["a"]?.append("uuid-2") }),
        (
            "DUPLICATE: commands with two outcomes",
            { $0.events.outcomes["a"]?["a/failed"] = Outcome(name: "failed", code: "uncertain") }
        ),
        ("DUPLICATE: webhooks with two events", { $0.events.receipts["uuid-a/delivered"]?.insert("4") }),
        ("UNTRUE", { $0.events.outcomes["a"] = ["a/accepted": Outcome(name: "accepted", messageUUID: "uuid-x")] }),
        ("UNTRUE", { $0.provider.messages["a"] = nil }),
        ("UNTRUE", { $0.provider.messages["c"] = ["uuid-c"] }),
        ("UNTRUE", { $0.provider.messages["d"] = ["uuid-d"] }),
        ("UNTRUE", { $0.provider.messages["z"] = ["uuid-z"] }),
        ("UNTRUE", { $0.commands["c"]?.isCancelled = false }),
        ("UNTRUE", { $0.commands["d"] = nil }),
        ("UNTRUE", { $0.events.outcomes["b"] = ["b/expired": Outcome(name: "expired", code: "expired")] }),
        ("UNTRUE", { $0.events.replies["a"] = ["a/failed"] }),
        ("UNKNOWN", { $0.events.unattributed = ["2"] }),
        ("UNREADABLE", { $0.events.unreadable = ["?"] }),
        ("UNFINISHED: messages", { $0.provider.owed = 1 }),
        ("UNFINISHED: left", { $0.leftovers["soak.send"] = 1 }),
        ("ACCIDENT", { $0.accidents = ["the service had ended"] }),
    ]

    @Test("Nothing, where all is well; a message that failed as uncertain may have been sent")
    func clear() {
        #expect(clean.findings == [])
        var sent = clean
        sent.provider.messages["b"] = ["uuid-b"]
        sent.events.replies["a"] = ["a/accepted"]
        #expect(sent.findings == [])
    }

    @Test("Nothing, where a command without an id was not confirmed, and is there or not")
    func unconfirmed() {
        var ledger = clean
        ledger.commands["a"]?.copies = 0
        ledger.commands["e"] = SoakLedger.Command(id: "e", copies: 0)
        #expect(ledger.findings == [])
        #expect(ledger.description.contains("besides 2 without an id"))
    }

    @Test("Each loss, duplicate and untruth, by its name", arguments: wrongs.indices)
    func wrong(index: Int) {
        let (title, spoil) = Self.wrongs[index]
        var ledger = clean
        spoil(&ledger)
        #expect(ledger.findings.contains { $0.hasPrefix(title) }, "\(ledger.findings)")
    }

    @Test("A failure with a code that rules out a request, of a command that was sent")
    func exhausted() {
        var ledger = clean
        ledger.events.outcomes["a"] = ["a/failed": Outcome(name: "failed", code: "retries_exhausted")]
        #expect(ledger.findings.contains { $0.hasPrefix("UNTRUE") })
    }

    @Test("The figures are in the text, and so is what is wrong")
    func text() {
        var ledger = clean
        ledger.provider.messages["a"]?.append("uuid-2")
        let lines = ledger.description.split(separator: "\n")
        #expect(lines.contains { $0.contains("commands in ..") && $0.contains(" 4 ") })
        #expect(lines.contains { $0.contains("requests out ..") && $0.contains(" 3 ") })
        #expect(lines.contains { $0.contains("SENT TWICE ..") && $0.hasSuffix(" 1") })
        #expect(lines.last?.contains("!! DUPLICATE: commands sent twice: 1 (a)") == true)
    }
}

@Suite("The soak's schedule")
struct SoakChaosTests {
    @Test("Follows from the seed, and its number of deaths from the duration")
    func seeded() {
        let short = SoakChaos(seed: 7, duration: .seconds(25))
        #expect(short == SoakChaos(seed: 7, duration: .seconds(25)))
        #expect(short != SoakChaos(seed: 8, duration: .seconds(25)))
        #expect([short.service.count, short.simulator.count, short.broker.count] == [5, 2, 1])
        let long = SoakChaos(seed: 7, duration: .seconds(180))
        #expect([long.service.count, long.simulator.count, long.broker.count] == [36, 18, 7])
        #expect(long.service.map(\.at) == long.service.map(\.at).sorted())
        // A lost receipt leaves a command without proof, and the soak asks for no reports.
        let faults = Set(FaultRule.Fault.allCases).subtracting([.noReceipt, .reportsStatus])
        #expect(Set(long.faults.flatMap(\.action).map(\.fault)) == faults)
    }

    @Test("Makes the same command for the same number, and different ones otherwise")
    func commands() {
        let now = Timestamp(milliseconds: 0)
        let bodies = (0..<200).map { SoakCommand(number: $0, seed: 7).body(now: now) }
        #expect(bodies == (0..<200).map { SoakCommand(number: $0, seed: 7).body(now: now) })
        #expect(Set(bodies).count == 200)
        #expect(bodies != (0..<200).map { SoakCommand(number: $0, seed: 8).body(now: now) })
    }

    @Test("Leaves the id out of a third of them when asked to, whose texts then distinguish them")
    func anonymous() {
        let usual = (0..<600).map { SoakCommand(number: $0, seed: 7) }
        #expect(usual.allSatisfy { !$0.isAnonymous && SoakCommand.name(in: $0.text) == nil })
        let commands = (0..<600).map { SoakCommand(number: $0, seed: 7, mayBeAnonymous: true) }
        let anonymous = commands.filter(\.isAnonymous)
        #expect((150...250).contains(anonymous.count), "\(anonymous.count)")
        #expect(anonymous.allSatisfy { SoakCommand.name(in: $0.text) == $0.id })
        #expect(anonymous.allSatisfy { $0.repeatedAfter == nil && $0.cancelledAfter == nil })
        // The others are what they are without it.
        let now = Timestamp(milliseconds: 0)
        for (command, other) in zip(commands, usual) where !command.isAnonymous {
            #expect(command.body(now: now) == other.body(now: now))
        }
    }
}
