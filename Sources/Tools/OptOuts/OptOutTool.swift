import AMQP
package import App
import Bridge
package import Contracts
import Foundation
import Logging
package import SMSCore

/// The suppression list for tools: in the service's own store, so that a running service sees each change at once.
///
/// Every function closes the store, so a tool is good for one of them.
package struct OptOutTool: Sendable {
    /// What came of a file.
    package struct Imported: Sendable {
        /// Entries that are new.
        package var added = 0
        /// Entries that were there already.
        package var known = 0
        /// Lines that could not be read.
        package var bad: Int { problems.count }
        /// New entries whose events are published once the service runs.
        package var unpublished = 0
        /// Which lines could not be read, and why.
        package var problems = CSVProblems()
    }

    /// How many entries are read or written at a time.
    private static let page = 1_000

    private let settings: Settings
    private let store: any Store
    private let note: @Sendable (String) -> Void

    /// A tool.
    ///
    /// - Parameters:
    ///   - settings: where the store and the broker are.
    ///   - note: called when a change could not be published now.
    /// - Throws: `StoreError` when the store cannot be opened.
    package init(settings: Settings, note: @escaping @Sendable (String) -> Void) async throws {
        self.settings = settings
        self.note = note
        store = try await settings.store.open()
    }

    /// Puts a number on the list, for one sender or (nil) for all; returns whether it is new.
    package func add(_ number: PhoneNumber, sender: Sender?) async throws -> Bool {
        let isNew = try await desk.add(number, sender: sender, source: .api, now: .now)
        try await store.close()
        return isNew
    }

    /// Takes a number off the list; returns whether it was there.
    package func remove(_ number: PhoneNumber, sender: Sender?) async throws -> Bool {
        let wasThere = try await desk.remove(number, sender: sender, source: .api, now: .now)
        try await store.close()
        return wasThere
    }

    /// Hands every entry to a body, in the order of number and sender.
    package func walk(_ body: (OptOut) throws -> Void) async throws {
        var place: OptOutPlace?
        while true {
            let entries = try await store.optOuts(after: place, limit: Self.page)
            for entry in entries { try body(entry) }
            guard entries.count == Self.page, let last = entries.last else { break }
            place = OptOutPlace(number: last.number, sender: last.sender)
        }
        try await store.close()
    }

    /// Adds the entries of a file with a header, and publishes each that is new.
    ///
    /// `number` has to be among its columns; `sender`, `source` and `timestamp` may be.
    ///
    /// - Parameters:
    ///   - file: read as it comes, so that its length does not matter.
    ///   - onProgress: called now and then with what was done so far.
    /// - Returns: how many there were.
    /// - Throws: ``CSVProblem`` when the file is not valid; what its source and the store throw.
    package func read(
        _ file: CSVReader,
        onProgress: (Imported) -> Void = { _ in }
    ) async throws -> Imported {
        let result = try await AMQPConnection.withConnection(
            .tool("opt-outs", settings.broker),
            logger: .quiet
        ) { connection in
            // A broker that is down must not prevent a change of the list.
            let isReady = (try? await connection.waitUntilReady(within: .seconds(5))) != nil
            return try await read(file, publisher: isReady ? BrokerPublisher(connection: connection) : nil, onProgress)
        }
        try await store.close()
        if result.unpublished > 0 {
            note("\(result.unpublished) entries are on the list, and are published once the service runs")
        }
        return result
    }

    private func read(
        _ file: CSVReader,
        publisher: BrokerPublisher?,
        _ onProgress: (Imported) -> Void
    ) async throws -> Imported {
        var publisher = publisher
        var table = try CSVTable(file, column: "number")
        var result = Imported()
        var batch: [OptOut] = []
        func flush() async throws {
            let news = try await store.add(batch, isImport: true, now: .now)
            result.added += news.count
            result.known += batch.count - news.count
            if let broker = publisher {
                let (left, reason) = try await publishAll(over: broker)
                result.unpublished = left
                // A broker that went away would hold up each batch for as long as a publish may take.
                if let reason {
                    note("the broker takes no more events: \(reason)")
                    publisher = nil
                }
            } else {
                result.unpublished += news.count
            }
            batch = []
            onProgress(result)
        }
        reading: while true {
            do {
                guard let row = try table.next() else { break reading }
                batch.append(try OptOutRow.read(row, now: .now))
            } catch let problem as CSVProblem {
                result.problems.add(problem)
                if problem.isFatal { break reading }
            }
            if batch.count == Self.page { try await flush() }
        }
        try await flush()
        return result
    }

    /// Publishes all unpublished changes, many together, since the confirms of many come as fast as one.
    ///
    /// - Returns: how many are left, and why, when the broker took none of a page.
    private func publishAll(over publisher: BrokerPublisher) async throws -> (left: Int, reason: PublishFailure?) {
        let announcer = announcer
        var place: Int64 = 0
        var left = 0
        while true {
            let page = try await store.unpublishedOptOutChanges(after: place, limit: Self.page)
            guard let last = page.last else { return (left, nil) }
            place = last.place
            let failures = try await announcer.announce(page, over: publisher)
            left += failures.count
            if let first = failures.first, failures.count == page.count { return (left, first) }
        }
    }

    /// Erases a person's records; entries of the list go on holding under a digest.
    package func forget(_ number: PhoneNumber) async throws -> Forgotten {
        let forgotten = try await store.forget(number)
        try await store.close()
        return forgotten
    }

    private var desk: OptOutDesk { OptOutDesk(store: store, announcer: announcer) }

    private var announcer: OptOutAnnouncer {
        OptOutAnnouncer(
            store: store,
            names: BrokerNames(prefix: settings.broker.prefix),
            logger: .quiet
        ) { [settings, note] event, _ in
            do {
                try await AMQPConnection.withConnection(
                    .tool("opt-outs", settings.broker),
                    logger: .quiet
                ) { connection in
                    try await connection.waitUntilReady(within: .seconds(5))
                    try await BrokerPublisher(connection: connection).publish(event)
                }
            } catch {
                // The list is what counts; it is changed already.
                note("the list is changed, and that is published once the service runs: \(error)")
                throw error
            }
        }
    }
}

/// A line of a list, read.
private enum OptOutRow {
    static func read(_ row: CSVTable.Row, now: Timestamp) throws(CSVProblem) -> OptOut {
        func cell(_ name: String) -> String? {
            guard let text = row.cells[name]?.trimmingBlanks(), !text.isEmpty else { return nil }
            return text
        }
        // One that was forgotten is of use in the database that it comes from, and in a backup of that.
        let written = cell("number") ?? ""
        var number = written
        if !written.hasPrefix(OptOut.forgottenPrefix) {
            switch PhoneNumberReader.read(written) {
            case .success(let read): number = read.e164
            case .failure(let problem): throw CSVProblem(line: row.line, "has a number that \(problem)")
            }
        }
        var sender = OptOut.everySender
        if let text = cell("sender"), text != OptOut.everySender {
            switch Sender.read(text) {
            case .success(let read): sender = read.display
            case .failure(let problem): throw CSVProblem(line: row.line, "has a sender that \(problem.message)")
            }
        }
        var at = now
        if let text = cell("timestamp") {
            guard let moment = Timestamp(rfc3339: text) else {
                throw CSVProblem(line: row.line, "has a timestamp that is not an RFC 3339 time")
            }
            at = moment
        }
        let source = cell("source").flatMap(OptOut.Source.init(rawValue:)) ?? .import
        return OptOut(number: number, sender: sender, source: source, at: at)
    }
}
