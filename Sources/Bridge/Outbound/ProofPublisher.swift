package import Contracts
import SMSCore
import ServiceLifecycle

extension OutboundFlow {
    /// Publishes the outcome of a command that a receipt has settled while it waits in the broker, so that the outcome
    /// does not wait for its copy, which then finds it published and only sends its reply.
    ///
    /// A command has one handler at a time, this one included, so the outcome is not published twice. The outcome of a
    /// command that has no copy on its way is published by its handler.
    ///
    /// - Throws: `CancellationError` alone; then the copy publishes it.
    package func publishProved(_ id: CommandID) async throws {
        try await locks.withLock(id) { _ in
            let known = try await retrier.untilDone("look up") { try await store.record(of: id) }
            guard let record = known, record.isProvedOnItsWay else { return }
            try await outcomes.publishEvent(of: record)
            if try await markPublished(record) { report.outcome(of: record) }
        }
    }
}

extension MessageRecord {
    /// Whether its outcome is `accepted` and unpublished, and a copy in the wait queues will find it so.
    var isProvedOnItsWay: Bool { settlement?.outcome == .accepted && !isPublished && wait > 0 }
}

/// Publishes the outcomes that receipts prove while their commands wait in the broker.
///
/// The answer to a webhook does not wait for this. What is left at a shutdown, or has no room here, is published by
/// the copies when they come back.
package struct ProofPublisher: Service {
    /// How many may wait.
    private static let limit = 10_000

    private let flow: OutboundFlow
    private let ids: AsyncStream<CommandID>
    private let intake: AsyncStream<CommandID>.Continuation

    /// A publisher that runs once.
    package init(flow: OutboundFlow) {
        self.flow = flow
        (ids, intake) = AsyncStream.makeStream(of: CommandID.self, bufferingPolicy: .bufferingOldest(Self.limit))
    }

    /// A receipt has settled a command.
    package func publish(_ id: CommandID) {
        intake.yield(id)
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for await id in ids {
                    group.addTask {
                        do {
                            try await flow.publishProved(id)
                        } catch {
                            // The end of the service; the copy publishes it.
                        }
                    }
                }
            }
        }
    }
}
