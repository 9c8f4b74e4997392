import AMQP
import App
import ArgumentParser
import Bridge
import Contracts
import Tools

/// `sms-bridge dead replay`: publishes commands again.
struct DeadReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Publish commands again, each to the lane it came from.",
        discussion: """
            A dead letter goes when the broker has confirmed its command. A command that is carried out once more has \
            events with ids of their own, such as order-1/accepted/1. Dead letters with the advice never are refused: \
            the handset may have its message, and --force-resend sends it all the same.
            Exit codes: 0 all done, 65 a dead letter was refused or an id is unknown (the others are done), 69 the \
            broker, the queue or the lane is not there.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var chosen: DeadSelectionOptions

    @Option(name: .long, help: "How fast: 5/s, 100/15m; evenly. By default as fast as the broker confirms.")
    var rate: DeadLetters.Pace?

    @Flag(name: .long, help: "Publish nothing, and print what would be published.")
    var dryRun = false

    @Flag(name: .long, help: "Send again although the handset may have its message.")
    var forceResend = false

    func run() async throws {
        let settings = try common.settings()
        var options = DeadLetters.ReplayOptions()
        options.isForced = forceResend
        options.isDryRun = dryRun
        options.pace = rate ?? .unlimited
        let tally = try await DeadCommand.withLetters(settings) { [options] deadLetters, census in
            var tally = ReplayTally()
            let selection = chosen.selection
            tally.unknownCount = try await replay(selection, of: deadLetters, census.count, options, &tally)
            return tally
        }
        if !common.json { Terminal.note(tally.sentence(isDryRun: dryRun)) }
        if tally.notTakenCount > 0 { throw ExitCode(Sysexits.unavailable) }
        if tally.hasProblems { throw ExitCode(Sysexits.dataError) }
    }

    private func replay(
        _ selection: DeadLetters.Selection,
        of deadLetters: DeadLetters,
        _ count: Int,
        _ options: DeadLetters.ReplayOptions,
        _ tally: inout ReplayTally
    ) async throws -> Int {
        var running = tally
        let unknown = try await deadLetters.replay(selection, upTo: count, options: options) { deadLetter, result in
            running.add(result.tallied)
            show(deadLetter, result)
        }
        tally = running
        DeadCommand.complain(ofUnknown: unknown)
        if common.json {
            for id in unknown.sorted() { say(ReplayReport.Line(id: id, result: "unknown")) }
        }
        return unknown.count
    }

    private func show(_ deadLetter: DeadLetters.Letter, _ result: DeadLetters.ReplayResult) {
        let line = ReplayReport.Line(deadLetter, result)
        if common.json { return say(line) }
        let id = DeadLetters.Table.printable(deadLetter.id)
        if let reason = line.reason { return Terminal.complain("\(id) stays: \(DeadLetters.Table.printable(reason))") }
        let verb = dryRun ? "would replay" : "replayed"
        Terminal.say("\(verb) \(id) to \(line.routingKey ?? ""), replay \(line.replay ?? 0)")
    }

    private func say(_ line: ReplayReport.Line) {
        guard let bytes = try? JSONBytes.encode(line) else { return }
        Terminal.say(bytes)
    }
}

extension DeadLetters.Pace: ExpressibleByArgument {
    /// Reads `5/s`, `100/15m` or `0`; nil for anything else.
    public init?(argument: String) {
        guard let pace = try? DeadLetters.Pace.reading(argument) else { return nil }
        self = pace
    }
}

extension DeadLetters.ReplayResult {
    fileprivate var tallied: ReplayTally.Result {
        switch self {
        case .published, .wouldPublish: .replayed
        case .refused: .refused
        case .notTaken: .notTaken
        }
    }
}
