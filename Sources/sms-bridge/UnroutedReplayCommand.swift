import AMQP
import App
import ArgumentParser
import Contracts
import Tools

/// `sms-bridge unrouted replay`: publishes events again.
struct UnroutedReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Publish events again, each to the exchange that it came from.",
        discussion: """
            An event goes when the broker has confirmed its copy, which has the same id and routing key; the queues \
            that are bound now get it. What still no queue is bound for comes back to sms.unrouted.
            Exit codes: 0 all done, 65 an event was refused or an id is unknown (the others are done), 69 the broker \
            or the queue is not there, 75 events have come back.
            """
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "Ids of events, as list prints them; after -- where one begins with a dash.")
    var ids: [String] = []

    @Option(name: .long, help: "Events whose routing key fits this binding pattern, such as 'delivered.*'.")
    var key: RoutingKeyPattern?

    @Flag(name: .long, help: "All events.")
    var all = false

    @Option(name: .long, help: "How fast: 5/s, 100/15m; evenly. By default as fast as the broker confirms.")
    var rate: DeadLetters.Pace?

    @Flag(name: .long, help: "Publish nothing, and print what would be published.")
    var dryRun = false

    func validate() throws {
        let kinds = [!ids.isEmpty, key != nil, all].filter(\.self).count
        guard kinds == 1 else { throw ValidationError("name ids, or --key, or --all: exactly one of these") }
    }

    func run() async throws {
        let settings = try common.settings()
        var options = UnroutedEvents.ReplayOptions()
        options.isDryRun = dryRun
        options.pace = rate ?? .unlimited
        let (tally, returnedCount) = try await UnroutedCommand.withEvents(settings) {
            [options, selection] events, census in
            var tally = ReplayTally()
            let unknown = try await events.replay(selection, upTo: census.count, options: options) { event, result in
                tally.add(result.tallied)
                show(event, result)
            }
            for id in unknown.sorted() { show(unknown: id) }
            tally.unknownCount = unknown.count
            guard !dryRun, tally.replayedCount > 0 else { return (tally, 0) }
            return (tally, max(0, try await events.census().count - (census.count - tally.replayedCount)))
        }
        if !common.json { Terminal.note(tally.sentence(isDryRun: dryRun)) }
        if returnedCount > 0 {
            Terminal.complain(
                "\(returnedCount) events have come to the queue meanwhile: for their routing keys no queue is bound"
            )
        }
        if tally.notTakenCount > 0 { throw ExitCode(Sysexits.unavailable) }
        if tally.hasProblems { throw ExitCode(Sysexits.dataError) }
        if returnedCount > 0 { throw ExitCode(Sysexits.tempFail) }
    }

    private var selection: UnroutedEvents.Selection {
        if all { return .all }
        return key.map(UnroutedEvents.Selection.key) ?? .ids(ids)
    }

    private func show(_ event: UnroutedEvents.Event, _ result: UnroutedEvents.ReplayResult) {
        var line = Line(id: event.id, exchange: event.exchange, routingKey: event.routingKey)
        switch result {
        case .published: line.result = "replayed"
        case .wouldPublish: line.result = "would_replay"
        case .refused(let reason):
            line.result = "refused"
            line.reason = reason
        case .notTaken(let error):
            line.result = "not_taken"
            line.reason = error.message
        }
        if common.json { return say(line) }
        let id = DeadLetters.Table.printable(event.id)
        if let reason = line.reason { return Terminal.complain("\(id) stays: \(DeadLetters.Table.printable(reason))") }
        let key = DeadLetters.Table.printable(event.routingKey)
        Terminal.say("\(dryRun ? "would replay" : "replayed") \(id) to \(event.exchange), key \(key)")
    }

    private func show(unknown id: String) {
        if common.json { return say(Line(id: id, result: "unknown")) }
        Terminal.complain("no event has the id \(DeadLetters.Table.printable(id))")
    }

    private func say(_ line: Line) {
        guard let bytes = try? JSONBytes.encode(line) else { return }
        Terminal.say(bytes)
    }

    private struct Line: Encodable {
        var id: String
        var result = ""
        var reason: String?
        var exchange: String?
        var routingKey: String?

        private enum CodingKeys: String, CodingKey {
            case id, result, reason, exchange
            case routingKey = "routing_key"
        }
    }
}

extension UnroutedEvents.ReplayResult {
    fileprivate var tallied: ReplayTally.Result {
        switch self {
        case .published, .wouldPublish: .replayed
        case .refused: .refused
        case .notTaken: .notTaken
        }
    }
}
