extension SoakLedger: CustomStringConvertible {
    /// The ledger for people: what went in, what came out, and what of it is wrong.
    var description: String {
        let outcomes = events.outcomes.values.flatMap(\.values)
        let replies = commands.values.filter(\.wantsReply).count
        let unconfirmed = commands.values.filter { $0.copies == 0 }.count
        let besides = unconfirmed == 0 ? "" : "; besides \(unconfirmed) without an id that it has not confirmed"
        let answered = provider.receipts.count + provider.inbound.count
        let rows: [(String, Int, String)] = [
            (
                "commands in", commands.count - unconfirmed,
                "confirmed by the broker; \(commands.values.filter { $0.copies > 1 }.count) more than once, "
                    + "\(commands.values.filter(\.isCancelled).count) cancelled\(besides)"
            ),
            ("requests out", provider.answers.values.reduce(0, +), Self.list(provider.answers)),
            ("accepted at the provider", provider.messages.values.map(\.count).reduce(0, +), ""),
            ("webhooks answered", answered, "\(provider.inbound.count) of them messages from handsets"),
            ("events", events.count, "repeats included"),
            ("outcomes", outcomes.count, Self.list(Dictionary(grouping: outcomes, by: Self.word).mapValues(\.count))),
            ("uncertain on the way", events.uncertain.count, "\(acceptedAfterAll) of them ended as accepted"),
            (
                "failed, and were sent", failedAndSent.count,
                failedAndSent.isEmpty
                    ? ""
                    : "receipts that came too late: allowed, and rare; "
                        + failedAndSent.prefix(5).joined(separator: ", ")
            ),
            (
                "dead letters", events.letters.values.reduce(0, +),
                "\(events.letters.values.filter { $0 > 1 }.count) twice"
            ),
            ("replies missing", replies - events.replies.count, "of \(replies); replies are best effort"),
            ("LOST", lostCommands.count + lostReceipts.count + lostInbound.count + lostLetters.count, ""),
            ("SENT TWICE", sentTwice.count, ""),
            ("PUBLISHED TWICE", publishedTwice.count + webhooksPublishedTwice.count, ""),
        ]
        let lines = rows.map { title, count, remark in
            let number = "\(count)"
            let dots = String(repeating: ".", count: max(36 - title.count - number.count, 2))
            return "  \(title) \(dots) \(number)" + (remark.isEmpty ? "" : "   \(remark)")
        }
        return (lines + findings.map { "  !! " + $0 }).joined(separator: "\n")
    }

    private var acceptedAfterAll: Int {
        events.uncertain.filter { events.outcomes[$0]?.values.contains { $0.name == "accepted" } ?? false }.count
    }

    /// Commands that failed as uncertain although the provider had taken them.
    private var failedAndSent: [String] {
        events.outcomes.filter { id, outcomes in
            provider.messages[id] != nil && outcomes.values.contains { $0.name == "failed" }
        }.map(\.key).sorted()
    }

    private static func word(_ outcome: Outcome) -> String {
        outcome.name == "failed" ? "failed as \(outcome.code ?? "?")" : outcome.name
    }

    private static func list(_ counts: [String: Int]) -> String {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
            .joined(separator: ", ")
    }
}
