import App
import ArgumentParser
import Contracts
import Tools

/// `sms-bridge migrate`: takes a store of SQLite to PostgreSQL.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Take everything that a SQLite store holds to a PostgreSQL database, while the service is stopped.",
        discussion: """
            The database may be empty, or have what an interrupted run has left: what is there is not written again. \
            The counts of every table are compared at the end. The file is kept; start the service with STORE_URL set \
            to the database.
            """
    )

    @Option(help: "The store to read: sqlite: and its file.")
    var from: String

    @Option(help: "The database to write: postgres://user:password@host/database.")
    var to: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        guard let path = StoreAddress.path(of: from) else {
            Terminal.complain("--from has to be sqlite: and a file")
            throw ExitCode(Sysexits.dataError)
        }
        if let problem = StoreAddress.problem(ofDatabase: to) {
            Terminal.complain("--to \(problem)")
            throw ExitCode(Sysexits.dataError)
        }
        let meter = ProgressMeter(isShown: !json)
        let result: StoreMigration.Result
        do {
            result = try await StoreMigration(from: path, to: to).run { progress in
                meter.draw(progress.done, progress.all, "\(progress.done) of \(progress.all) rows, \(progress.table)")
            }
        } catch {
            meter.clear()
            Terminal.complain("the store was not taken along: \(error)")
            throw ExitCode(Sysexits.unavailable)
        }
        meter.clear()
        for difference in result.differences {
            let (from, to) = (difference.from, difference.to)
            Terminal.complain("\(difference.table): \(from) rows in the file, \(to) in the database")
        }
        if json {
            let fields: [String: JSONValue] = [
                "rows": .integer(Int64(result.rows)),
                "differences": .integer(Int64(result.differences.count)),
            ]
            Terminal.say(JSONBytes.encode(fields))
        } else {
            Terminal.say(result.rows == 1 ? "1 row was taken along" : "\(result.rows) rows were taken along")
        }
        if !result.differences.isEmpty { throw ExitCode(Sysexits.dataError) }
    }
}
