import AMQP
import App
import ArgumentParser
import Bridge
import Contracts
import Foundation
import SMSCore
import StoreSQLite

/// `sms-bridge opt-outs`: the suppression list, in the service's own store, so that a running service sees each change.
struct OptOutsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "opt-outs",
        abstract: "Look at the list of those who are not written to, and change it.",
        subcommands: [List.self, Add.self, Remove.self, Import.self, Export.self]
    )

    /// How many entries are read or written at a time.
    private static let page = 1_000

    /// Whom a change is about.
    struct TargetOptions: ParsableArguments {
        @Argument(help: "The handset, E.164.")
        var number: String

        @Option(name: .long, help: "One of our senders; without it the entry for all of them.")
        var sender: String?

        func target() throws -> (PhoneNumber, Sender?) {
            guard let parsed = PhoneNumber(number) else { throw ValidationError("\(number) is no E.164 number") }
            guard let sender, sender != OptOut.everySender else { return (parsed, nil) }
            guard let ours = Sender(sender) else { throw ValidationError("\(sender) is no sender") }
            return (parsed, ours)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the entries; --json prints one object a line.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await OptOutsCommand.walk(try common.settings()) { optOut in
                if common.json {
                    Terminal.say(try JSONBytes.encode(Entry(optOut)))
                } else {
                    Terminal.say("\(optOut.number)  \(optOut.sender)  \(optOut.source.rawValue)  \(optOut.at.rfc3339)")
                }
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put a number on the list.")

        @OptionGroup var common: CommonOptions
        @OptionGroup var options: TargetOptions

        func run() async throws {
            let (number, sender) = try options.target()
            let isNew = try await OptOutsCommand.withDesk(try common.settings()) { desk in
                try await desk.add(number, sender: sender, source: .api, now: .now)
            }
            Terminal.say(isNew ? "added" : "was on the list already")
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a number off the list.")

        @OptionGroup var common: CommonOptions
        @OptionGroup var options: TargetOptions

        func run() async throws {
            let (number, sender) = try options.target()
            let wasThere = try await OptOutsCommand.withDesk(try common.settings()) { desk in
                try await desk.remove(number, sender: sender, source: .api, now: .now)
            }
            Terminal.say(wasThere ? "removed" : "was not on the list")
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add the entries of a CSV file with a header: number, and optionally sender, source, timestamp.",
            discussion:
                "The file is streamed. Rows that cannot be read are named and left out; then the exit code is 65."
        )

        @OptionGroup var common: CommonOptions

        @Argument(help: "The file; \"-\" for standard input.")
        var file: String

        func run() async throws {
            let settings = try common.settings()
            let store = try OptOutsCommand.store(settings)
            let handle = try OptOutsCommand.handle(of: file)
            var reader = CSVReader {
                guard let data = try handle.read(upToCount: 1 << 16), !data.isEmpty else { return nil }
                return Array(data)
            }
            let columns = try OptOutColumns(header: reader.next() ?? [])
            var (added, known, bad) = (0, 0, 0)
            var batch: [OptOut] = []
            func flush() async throws {
                let count = try await store.add(batch)
                added += count
                known += batch.count - count
                batch = []
            }
            while let row = try reader.next() {
                switch columns.read(row, now: .now) {
                case .success(let optOut): batch.append(optOut)
                case .failure(let problem):
                    bad += 1
                    Terminal.complain("line \(reader.recordLine): \(problem.message)")
                }
                if batch.count == OptOutsCommand.page { try await flush() }
            }
            try await flush()
            try await store.close()
            Terminal.say("\(added) added, \(known) were there already, \(bad) could not be read")
            if bad > 0 { throw ExitCode(Sysexits.dataError) }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the list as CSV: number,sender,source,timestamp."
        )

        @OptionGroup var common: CommonOptions

        func run() async throws {
            Terminal.say("number,sender,source,timestamp")
            try await OptOutsCommand.walk(try common.settings()) { optOut in
                Terminal.say("\(optOut.number),\(optOut.sender),\(optOut.source.rawValue),\(optOut.at.rfc3339)")
            }
        }
    }

    // MARK: - The store, and the broker where it is there

    private static func store(_ settings: Settings) throws -> SQLiteStore {
        do {
            return try SQLiteStore(path: settings.store.path, access: .shared)
        } catch {
            Terminal.complain("the store cannot be opened: \(error)")
            throw ExitCode(Sysexits.unavailable)
        }
    }

    private static func handle(of file: String) throws -> FileHandle {
        guard file != "-" else { return .standardInput }
        guard let handle = FileHandle(forReadingAtPath: file) else {
            Terminal.complain("\(file) cannot be read")
            throw ExitCode(Sysexits.dataError)
        }
        return handle
    }

    private static func walk(_ settings: Settings, _ body: (OptOut) throws -> Void) async throws {
        let store = try store(settings)
        var place: OptOutPlace?
        while true {
            let entries = try await store.optOuts(after: place, limit: page)
            for entry in entries { try body(entry) }
            guard entries.count == page, let last = entries.last else { break }
            place = OptOutPlace(number: last.number, sender: last.sender)
        }
        try await store.close()
    }

    private static func withDesk(
        _ settings: Settings,
        _ body: @escaping @Sendable (OptOutDesk) async throws -> Bool
    ) async throws -> Bool {
        let store = try store(settings)
        let names = BrokerNames(prefix: settings.broker.prefix)
        let desk = OptOutDesk(store: store, names: names) { event, _ in
            do {
                try await AMQPConnection.withConnection(
                    .tool("opt-outs", settings.broker),
                    logger: Terminal.quietLogger()
                ) { connection in
                    try await connection.waitUntilReady(within: .seconds(5))
                    try await BrokerPublisher(connection: connection).publish(event)
                }
            } catch {
                // The list is what counts; it is changed already.
                Terminal.note("the list is changed, but nobody could be told of it: \(error)")
            }
        }
        let result = try await body(desk)
        try await store.close()
        return result
    }
}

/// An entry as `opt-outs list --json` prints it.
private struct Entry: Encodable {
    let number: String
    let sender: String
    let source: String
    let keyword: String?
    let timestamp: String

    init(_ optOut: OptOut) {
        number = optOut.number
        sender = optOut.sender
        source = optOut.source.rawValue
        keyword = optOut.keyword
        timestamp = optOut.at.rfc3339
    }

    private enum CodingKeys: CodingKey { case number, sender, source, keyword, timestamp }
}

/// Which column of a file holds what.
private struct OptOutColumns {
    private let number: Int
    private let sender: Int?
    private let source: Int?
    private let timestamp: Int?

    init(header: [String]) throws {
        let names = header.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
        guard let number = names.firstIndex(of: "number") else {
            Terminal.complain("the file's first line must name its columns, one of them \"number\"")
            throw ExitCode(Sysexits.dataError)
        }
        self.number = number
        sender = names.firstIndex(of: "sender")
        source = names.firstIndex(of: "source")
        timestamp = names.firstIndex(of: "timestamp")
    }

    func read(_ row: [String], now: Timestamp) -> Result<OptOut, JSONProblem> {
        func field(_ index: Int?) -> String? {
            guard let index, index < row.count, !row[index].isEmpty else { return nil }
            return row[index].trimmingCharacters(in: .whitespaces)
        }
        guard let number = field(number).flatMap(PhoneNumber.init) else {
            return .failure(JSONProblem("number is no E.164 number"))
        }
        var listed = OptOut.everySender
        if let text = field(sender), text != OptOut.everySender {
            guard let ours = Sender(text) else { return .failure(JSONProblem("sender is no sender")) }
            listed = ours.display
        }
        var at = now
        if let text = field(timestamp) {
            guard let moment = Timestamp(rfc3339: text) else {
                return .failure(JSONProblem("timestamp is no RFC 3339 time"))
            }
            at = moment
        }
        let from = field(source).flatMap(OptOut.Source.init(rawValue:)) ?? .import
        return .success(OptOut(number: number.e164, sender: listed, source: from, at: at))
    }
}
