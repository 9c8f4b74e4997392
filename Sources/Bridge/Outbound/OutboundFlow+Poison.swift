import Contracts
import SMSCore

/// The end of a command whose handling ends the process.
extension OutboundFlow {
    /// Dead-letters a command whose handling ends the process, without reading its body.
    func park(_ delivery: CommandDelivery, times: Int) async throws {
        let detail = "its handling was begun \(times) times and never ended"
        let properties = delivery.message.properties
        guard let id = properties.messageID.flatMap(CommandID.init) else {
            return try await deadLetter(delivery, .poison, detail)
        }
        let command = OpenedCommand(unread: delivery, id: id)
        try await locks.withLock(id) { _ in
            while true {
                let known = try await retrier.untilDone("look up", command.metadata) { try await store.record(of: id) }
                guard known?.isPublished != true else { return }
                if known == nil { report.received(command) }
                var record = known ?? command.situation.freshRecord(replacing: nil)
                if known?.settlement == nil {
                    if case .sending(let attempt) = record.state { record.attempts = attempt.number }
                    let poison = EventError(.poison, detail: detail)
                    let end = Settlement(outcome: .failed, messageUUID: nil, error: poison, at: now())
                    guard
                        let settled = try await write(
                            record.settled(end, retention: policy.decision.retention),
                            "settle"
                        )
                    else { continue }
                    record = settled
                }
                try await outcomes.publish(record, for: command, .everything, isReused: false)
                if try await markPublished(record) { report.outcome(of: record) }
                return
            }
        }
        _ = await delivery.ack()
    }
}
