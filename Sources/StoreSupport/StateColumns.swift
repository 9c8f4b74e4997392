import Contracts
import SMSCore

/// A record's state as columns of its own, so that it can be counted and looked at with SQL.
package struct StateColumns {
    /// The names in the column `state`.
    package enum Name: String {
        case pending, sending, uncertain, settled
    }

    var name: Name
    var since: Timestamp?
    var attemptNumber: Int?
    var attemptOwner: String?
    var outcome: Outcome?
    var messageUUID: String?
    var error: EventError?

    /// A state, taken apart.
    init(_ state: MessageState) {
        switch state {
        case .pending:
            name = .pending
        case .sending(let attempt):
            name = .sending
            since = attempt.since
            attemptNumber = attempt.number
            attemptOwner = attempt.owner.text
        case .uncertain(let since):
            name = .uncertain
            self.since = since
        case .settled(let settlement):
            name = .settled
            since = settlement.at
            outcome = settlement.outcome
            messageUUID = settlement.messageUUID
            error = settlement.error
        }
    }

    /// Reads the seven columns from `state` to `error`.
    init(from reader: inout some ColumnReader) throws {
        guard let name = Name(rawValue: try reader.next()) else { throw StoreError.corrupt("The state of a record") }
        self.name = name
        since = try reader.nextMomentIfPresent()
        attemptNumber = try reader.nextIfPresent()
        attemptOwner = try reader.nextIfPresent()
        let outcome: String? = try reader.nextIfPresent()
        self.outcome = outcome.flatMap(Outcome.init(rawValue:))
        messageUUID = try reader.nextIfPresent()
        error = try reader.nextJSONIfPresent(EventError.self, what: "The error of a record")
    }

    /// The state, put together.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when a column that belongs to the state is missing.
    var state: MessageState {
        get throws {
            switch name {
            case .pending:
                return .pending
            case .sending:
                guard let attemptNumber, let since, let attemptOwner else { throw incomplete }
                return .sending(Attempt(number: attemptNumber, since: since, owner: BootID(attemptOwner)))
            case .uncertain:
                guard let since else { throw incomplete }
                return .uncertain(since: since)
            case .settled:
                guard let since, let outcome else { throw incomplete }
                return .settled(Settlement(outcome: outcome, messageUUID: messageUUID, error: error, at: since))
            }
        }
    }

    private var incomplete: StoreError { StoreError.corrupt("The state of a record") }
}
