import Contracts
import SMSCore

/// What is not sent now: through the wait queues and back.
extension OutboundFlow {
    /// Sends the command through the wait queues, or sleeps if the wait is shorter than the shortest level.
    func wait(
        _ command: OpenedCommand,
        _ record: MessageRecord,
        until: Timestamp,
        _ doubt: EventError?
    ) async throws -> Next {
        var record = record
        if record.isUncertain {
            guard let published = try await publishUncertain(record, doubt) else { return .decideAnew }
            record = published
        } else if let bar = try await bar(on: record) {
            return try await settle(record.barred(by: bar, retention: policy.decision.retention, now: now()))
        }
        let rest = until - now()
        guard let level = WaitLevel.hop(for: rest, mayBeLate: !record.endsExactly(at: until)) else {
            try await sleep(record, for: rest)
            return .decideAnew
        }
        var carried = record
        carried.wait = max(record.wait, command.situation.marks.wait) + 1
        guard try await retryQueues.send(command, of: carried, by: level, number: carried.wait) else {
            try await sleep(record, for: level.duration)
            return .decideAnew
        }
        record = carried
        try passed(.carrierPublished)
        guard let waiting = try await write(record, "write wait") else { return .decideAnew }
        try passed(.waitWritten)
        // A cancellation that came while the copy was published found no record to settle.
        if !waiting.isUncertain, let bar = try await bar(on: waiting) {
            return try await settle(waiting.barred(by: bar, retention: policy.decision.retention, now: now()))
        }
        return .end(.onItsWay)
    }

    /// Sleeps in the process.
    ///
    /// An uncertain command is written first: if it were found as `sending` again, its wait would begin anew, for ever.
    private func sleep(_ record: MessageRecord, for time: Duration) async throws {
        if record.isUncertain, try await write(record, "write uncertain") == nil { return }
        try await clock.sleep(for: time)
    }

    /// Sends this copy alone through the wait queues, for its reply; returns whether it is on its way.
    func join(_ command: OpenedCommand, _ record: MessageRecord?, until: Timestamp) async throws -> Bool {
        guard let record else { return false }
        _ = isReuse(record, command)
        guard let level = WaitLevel.hop(for: until - now(), mayBeLate: !record.endsExactly(at: until)) else {
            try await clock.sleep(for: until - now())
            return false
        }
        return try await retryQueues.send(command, of: record, by: level, number: max(1, record.wait))
    }

    /// Publishes once that the outcome is not known; returns the record that says so, nil when another was faster.
    func publishUncertain(_ record: MessageRecord, _ doubt: EventError?) async throws -> MessageRecord? {
        guard !record.isUncertainPublished else { return record }
        let unknown = EventError(.uncertain, detail: "the service stopped while the request was made")
        try await outcomes.publishUncertain(record, doubt ?? unknown)
        report.uncertain(record)
        try passed(.uncertaintyPublished)
        var published = record
        published.isUncertainPublished = true
        return try await write(published, "write uncertain")
    }

    func bar(on record: MessageRecord) async throws -> Bar? {
        try await retrier.untilDone("look for a bar", record.metadata) {
            try await store.bar(on: record)
        }
    }
}
