/// All that is known at the end of a run, and what of it breaks a promise; no I/O.
struct SoakLedger: Sendable {
    /// A command that was published.
    struct Command: Sendable {
        let id: String
        /// How often the broker has confirmed it.
        ///
        /// It is 0 only where it was not published again, for it has no id: then it may have arrived or not.
        var copies = 1
        var isCancelled = false
        var wantsReply = false
    }

    /// What the provider knows.
    struct Provider: Sendable {
        /// The answers to requests to send, as `202` or `no answer`, with how many of each.
        var answers: [String: Int] = [:]
        /// The messages accepted: their ids, by the command's reference, or by its name in the text where it has no id.
        var messages: [String: [String]] = [:]
        /// The receipts (message id and status, as `uuid/delivered`) that were answered, with the answer.
        var receipts: [String: Int] = [:]
        /// What handsets sent: message ids, with the answer.
        var inbound: [String: Int] = [:]
        /// Messages whose receipts are not all answered.
        var owed = 0
    }

    /// An outcome as an event has it.
    struct Outcome: Sendable, Hashable {
        /// As `accepted`.
        let name: String
        var code: String?
        var messageUUID: String?
    }

    /// What the durable queue has got.
    struct Events: Sendable {
        /// How many, repeats included.
        var count = 0
        /// The final outcomes of each command, by event id.
        var outcomes: [String: [String: Outcome]] = [:]
        /// The commands published as uncertain.
        var uncertain: Set<String> = []
        /// The ids of the events of each receipt (`uuid/delivered`).
        var receipts: [String: Set<String>] = [:]
        /// The ids of the events of each handset's message.
        var inbound: [String: Set<String>] = [:]
        /// Receipts that were not led back to their command.
        var unattributed: Set<String> = []
        /// The ids of the events that came as replies, by command.
        var replies: [String: Set<String>] = [:]
        /// How many letters each command has in `sms.dead`.
        var letters: [String: Int] = [:]
        /// What could not be read.
        var unreadable: [String] = []
    }

    var commands: [String: Command] = [:]
    var provider = Provider()
    var events = Events()
    /// What was still in our queues behind the end, by queue.
    var leftovers: [String: Int] = [:]
    /// Processes that ended unbidden, or not as they should.
    var accidents: [String] = []

    /// Outcomes of commands of which the provider can have no message.
    private static let unsent: Set<String> = ["cancelled", "rejected", "expired", "invalid", "suppressed"]

    // MARK: - Losses

    /// Commands without a final outcome.
    var lostCommands: [String] {
        commands.filter { $0.value.copies > 0 && events.outcomes[$0.key] == nil }.map(\.key).sorted()
    }

    /// Receipts that were answered 200, that no event shows.
    var lostReceipts: [String] { Self.taken(provider.receipts).filter { events.receipts[$0] == nil }.sorted() }

    /// Messages of handsets that were answered 200, that no event shows.
    var lostInbound: [String] { Self.taken(provider.inbound).filter { events.inbound[$0] == nil }.sorted() }

    /// Commands that were rejected or failed, without a dead letter.
    var lostLetters: [String] {
        commands.keys.filter { id in
            let names = events.outcomes[id]?.values.map(\.name) ?? []
            return !names.filter { ["rejected", "failed"].contains($0) }.isEmpty && events.letters[id] == nil
        }.sorted()
    }

    private static func taken(_ answers: [String: Int]) -> [String] { answers.filter { $0.value == 200 }.map(\.key) }

    // MARK: - Duplicates

    /// Commands of which the provider has more than one message.
    var sentTwice: [String] { provider.messages.filter { $0.value.count > 1 }.map(\.key).sorted() }

    /// Commands with two different final outcomes.
    var publishedTwice: [String] { events.outcomes.filter { $0.value.count > 1 }.map(\.key).sorted() }

    /// Receipts and handsets' messages with events of different ids.
    var webhooksPublishedTwice: [String] {
        (events.receipts.filter { $0.value.count > 1 }.map(\.key)
            + events.inbound.filter { $0.value.count > 1 }.map(\.key)).sorted()
    }

    // MARK: - Untruths

    /// What was published and is not so.
    var untruths: [String] {
        var untruths: [String] = []
        for (id, outcomes) in events.outcomes {
            let messages = provider.messages[id] ?? []
            for outcome in outcomes.values {
                if let problem = problem(with: outcome, of: id, messages) { untruths.append("\(id): \(problem)") }
            }
        }
        for id in provider.messages.keys where commands[id] == nil {
            untruths.append("\(id): sent and never published")
        }
        for (id, ids) in events.replies where !ids.isSubset(of: Set(events.outcomes[id, default: [:]].keys)) {
            untruths.append("\(id): replied \(ids.sorted()) besides its event")
        }
        return untruths.sorted()
    }

    private func problem(with outcome: Outcome, of id: String, _ messages: [String]) -> String? {
        guard let command = commands[id] else { return "is \(outcome.name) and was never published" }
        switch outcome.name {
        case "accepted":
            guard let uuid = outcome.messageUUID, messages.contains(uuid) else {
                return "accepted with a message that the provider does not know"
            }
        case "failed" where outcome.code == "uncertain":
            break
        case "failed":
            if !messages.isEmpty { return "failed as \(outcome.code ?? "?") and was sent" }
        case "cancelled" where !command.isCancelled:
            return "never cancelled"
        case "cancelled", "rejected":
            break
        default:
            return "an outcome that nothing here leads to: \(outcome.name)"
        }
        if Self.unsent.contains(outcome.name), !messages.isEmpty { return "is \(outcome.name) and was sent" }
        return nil
    }

    // MARK: - The verdict

    /// Every broken promise, each with at most ten examples; empty when all is well.
    var findings: [String] {
        let refused = provider.receipts.merging(provider.inbound) { $1 }.filter { $0.value != 200 }
        let lists: [(String, [String])] = [
            ("LOST: commands without an outcome", lostCommands),
            ("LOST: receipts answered 200 without an event", lostReceipts),
            ("LOST: handsets' messages answered 200 without an event", lostInbound),
            ("LOST: dead letters", lostLetters),
            ("LOST: webhooks refused for good", refused.map { "\($0.key): \($0.value)" }.sorted()),
            ("DUPLICATE: commands sent twice", sentTwice),
            ("DUPLICATE: commands with two outcomes", publishedTwice),
            ("DUPLICATE: webhooks with two events", webhooksPublishedTwice),
            ("UNTRUE", untruths),
            ("UNKNOWN: receipts not led back to their command", events.unattributed.sorted()),
            ("UNREADABLE: events", events.unreadable),
            ("UNFINISHED: messages whose receipts were not all taken", (0..<provider.owed).map { "\($0)" }),
            (
                "UNFINISHED: left in a queue",
                leftovers.filter { $0.value > 0 }.map { "\($0.key): \($0.value)" }.sorted()
            ),
            ("ACCIDENT", accidents),
        ]
        return lists.filter { !$0.1.isEmpty }.map { title, items in
            "\(title): \(items.count) (\(items.prefix(10).joined(separator: ", ")))"
        }
    }
}
