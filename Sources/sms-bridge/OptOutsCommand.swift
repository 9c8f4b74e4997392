import App
import ArgumentParser
import Contracts
import Foundation
import SMSCore
import Tools

/// `sms-bridge opt-outs`: the suppression list, in the service's own store, so that a running service sees each change.
struct OptOutsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "opt-outs",
        abstract: "Show the suppression list and change it.",
        subcommands: [List.self, Add.self, Remove.self, Import.self, Export.self]
    )

    /// Whom a change is about.
    struct TargetOptions: ParsableArguments {
        @Argument(help: "The handset, E.164.")
        var number: String

        @Option(name: .long, help: "The sender; without it the entry for all senders.")
        var sender: String?

        func target() throws -> (PhoneNumber, Sender?) {
            let parsed = try CommandLineValue.number(number)
            guard let sender, sender != OptOut.everySender else { return (parsed, nil) }
            return (parsed, try CommandLineValue.sender(sender))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the entries; --json prints one object a line.")

        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await OptOutsCommand.open(try common.settings()).walk { optOut in
                if common.json {
                    Terminal.say(try JSONBytes.encode(OptOutListing(optOut)))
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
            let isNew = try await OptOutsCommand.open(try common.settings()).add(number, sender: sender)
            try OptOutsCommand.say(["added": isNew], isNew ? "added" : "was on the list already", common)
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a number off the list.")

        @OptionGroup var common: CommonOptions
        @OptionGroup var options: TargetOptions

        func run() async throws {
            let (number, sender) = try options.target()
            let wasThere = try await OptOutsCommand.open(try common.settings()).remove(number, sender: sender)
            try OptOutsCommand.say(["removed": wasThere], wasThere ? "removed" : "was not on the list", common)
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
            let tool = try await OptOutsCommand.open(try common.settings())
            let handle = try OptOutsCommand.handle(of: file)
            // That of a pipe is not known.
            let size = (try? FileManager.default.attributesOfItem(atPath: file))?[.size] as? Int ?? 0
            let meter = ProgressMeter(isShown: !common.json)
            let result: OptOutTool.Imported
            do {
                result = try await tool.read(
                    CSVReader {
                        guard let data = try handle.read(upToCount: 1 << 16), !data.isEmpty else { return nil }
                        return Array(data)
                    },
                    onProgress: { imported in
                        let place = (try? handle.offset()).map(Int.init) ?? 0
                        meter.draw(place, size, "\(imported.added + imported.known) entries read")
                    }
                )
                meter.clear()
            } catch let problem as CSVProblem {
                meter.clear()
                Terminal.complain(problem.description)
                throw ExitCode(Sysexits.dataError)
            }
            if result.bad > 0 { Terminal.complain(result.problems.description) }
            try OptOutsCommand.say(
                ["added": result.added, "known": result.known, "bad": result.bad, "untold": result.unpublished],
                "\(result.added) added, \(result.known) were there already, \(result.bad) could not be read",
                common
            )
            if result.bad > 0 { throw ExitCode(Sysexits.dataError) }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the list as CSV: number,sender,source,timestamp."
        )

        @OptionGroup var common: CommonOptions

        func run() async throws {
            Terminal.say("number,sender,source,timestamp")
            try await OptOutsCommand.open(try common.settings()).walk { optOut in
                Terminal.say(
                    CSVText.line([optOut.number, optOut.sender, optOut.source.rawValue, optOut.at.rfc3339])
                )
            }
        }
    }

    /// The result as JSON where that was asked for, else as a line.
    private static func say(_ result: some Encodable, _ line: String, _ common: CommonOptions) throws {
        if common.json { Terminal.say(try JSONBytes.encode(result)) } else { Terminal.say(line) }
    }

    static func open(_ settings: Settings) async throws -> OptOutTool {
        do {
            return try await OptOutTool(settings: settings) { Terminal.note($0) }
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
}
