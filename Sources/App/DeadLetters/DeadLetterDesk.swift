import AMQP
package import Bridge
import Contracts
import Logging
import Synchronization

/// The dead letters for the HTTP API: each request over a connection of its own, and one request at a time, since a
/// reader holds what it looks at.
final class DeadLetterDesk: Sendable {
    /// How many dead letters one request looks at.
    static let reach = 5_000
    /// How long the broker is given to connect.
    private static let patience: Duration = .seconds(5)

    private let broker: Settings.Broker
    private let isBusy = Mutex(false)

    /// The dead letters of a broker.
    init(_ broker: Settings.Broker) {
        self.broker = broker
    }

    /// The oldest dead letters, all or those with a code.
    func list(code: String?, limit: Int) async throws -> DeadLetterListing {
        try await open { deadLetters, count in
            var items: [DeadLetterView] = []
            guard count > 0, limit > 0 else { return DeadLetterListing(items: [], count: count) }
            try await deadLetters.walk(upTo: min(count, Self.reach)) { deadLetter in
                if code == nil || deadLetter.code == code { items.append(deadLetter.listing) }
                return items.count == limit ? .stop : .keep
            }
            return DeadLetterListing(items: items, count: count)
        }
    }

    /// Publishes dead letters again; of very many the first ``reach`` are looked at.
    func replay(_ order: ReplayOrder) async throws -> ReplayReport {
        var options = DeadLetters.ReplayOptions()
        options.isForced = order.isForced
        options.isDryRun = order.isDryRun
        let selection: DeadLetters.Selection =
            switch order.selection {
            case .ids(let ids): .ids(ids)
            case .code(let code): .code(code)
            case .all: .all
            }
        return try await open { [options] deadLetters, count in
            var report = ReplayReport(results: [], unknown: [])
            let unknown = try await deadLetters.replay(
                selection,
                upTo: min(count, Self.reach),
                options: options
            ) { deadLetter, result in
                report.results.append(ReplayReport.Line(deadLetter, result))
            }
            report.unknown = unknown.sorted()
            return report
        }
    }

    private func open<Value: Sendable>(
        _ body: @Sendable (DeadLetters, Int) async throws -> Value
    ) async throws -> Value {
        let isFree = isBusy.withLock { isBusy in
            defer { isBusy = true }
            return !isBusy
        }
        guard isFree else { throw DeadLettersBusy() }
        defer { isBusy.withLock { $0 = false } }
        do {
            return try await AMQPConnection.withConnection(.tool("console", broker), logger: .quiet) { connection in
                try await connection.waitUntilReady(within: Self.patience)
                let deadLetters = DeadLetters(connection: connection, names: BrokerNames(prefix: broker.prefix))
                return try await body(deadLetters, try await deadLetters.census().count)
            }
        } catch let error as AMQPError {
            throw DeadLettersUnreachable(reason: "The dead letters cannot be reached: \(error.message).")
        }
    }
}

extension ReplayReport.Line {
    /// What became of one dead letter.
    package init(_ deadLetter: DeadLetters.Letter, _ result: DeadLetters.ReplayResult) {
        switch result {
        case .published(let command, let number):
            self.init(id: deadLetter.id, result: "replayed")
            (routingKey, replay) = (command.routingKey, number)
        case .wouldPublish(let command, let number):
            self.init(id: deadLetter.id, result: "would_replay")
            (routingKey, replay) = (command.routingKey, number)
        case .refused(let refusal):
            self.init(id: deadLetter.id, result: "refused")
            reason = refusal.description
        case .notTaken(let error):
            self.init(id: deadLetter.id, result: "not_taken")
            reason = error.message
        }
    }
}
