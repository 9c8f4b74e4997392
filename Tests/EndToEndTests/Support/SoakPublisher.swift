import AMQP
import Contracts
import Synchronization

/// Publishes a run's commands as a client does that has to be sure: each again, under the same id, until it is confirmed.
final class SoakPublisher: Sendable {
    /// How many publish side by side, each one command at a time.
    private static let lanes = 16

    private let stage: SoakStage
    private let seed: UInt64
    private let mayLeaveOutIDs: Bool
    /// How long a lane rests between two commands.
    private let pause: Duration
    private let state = Mutex<(next: Int, commands: [String: SoakLedger.Command])>((0, [:]))

    /// A publisher of so many commands a second at most; what an outage has kept back is not made up for.
    init(_ stage: SoakStage, seed: UInt64, perSecond: Int, mayLeaveOutIDs: Bool) {
        self.stage = stage
        self.seed = seed
        self.mayLeaveOutIDs = mayLeaveOutIDs
        pause = .seconds(Self.lanes) / perSecond
    }

    /// The commands that the broker has confirmed, and those without an id that it may have got.
    var commands: [String: SoakLedger.Command] { state.withLock { $0.commands } }

    /// Publishes for a while, and goes on until all that was begun is confirmed.
    ///
    /// - Parameter duration: how long new commands are begun.
    /// - Throws: what no repetition helps against; `CancellationError`.
    func run(for duration: Duration) async throws {
        let end = ContinuousClock.now + duration
        try await withThrowingDiscardingTaskGroup { group in
            for lane in 0..<Self.lanes {
                group.addTask {
                    try await Task.sleep(for: self.pause / Self.lanes * lane)
                    try await withThrowingDiscardingTaskGroup { later in
                        while ContinuousClock.now < end {
                            try await self.publish(&later)
                            try await Task.sleep(for: self.pause)
                        }
                    }
                }
            }
        }
    }

    private func publish(_ later: inout ThrowingDiscardingTaskGroup<any Error>) async throws {
        let number = state.withLock { state in
            defer { state.next += 1 }
            return state.next
        }
        let command = SoakCommand(number: number, seed: seed, mayBeAnonymous: mayLeaveOutIDs)
        let body = command.body(now: .now)
        if command.cancelledAfter == .zero { try await cancel(command) }
        try await publish(command, body)
        if let pause = command.repeatedAfter {
            later.addTask {
                try await Task.sleep(for: pause)
                try await self.publish(command, body)
            }
        }
        if let pause = command.cancelledAfter, pause > .zero {
            later.addTask {
                try await Task.sleep(for: pause)
                try await self.cancel(command)
            }
        }
    }

    private func publish(_ command: SoakCommand, _ body: String) async throws {
        let properties = AMQPProperties(
            contentType: "application/json",
            deliveryMode: .persistent,
            replyTo: command.wantsReply ? stage.replyQueue : nil,
            messageId: command.isAnonymous ? nil : command.id
        )
        let message = AMQPMessage(body: Array(body.utf8), properties: properties)
        if command.isAnonymous {
            // Noted first: it may arrive and be published although nothing is confirmed.
            note(command) { $0.copies = 0 }
            guard try await publishOnce(message, command.lane.routingKey) else { return }
        } else {
            try await publish(message, command.lane.routingKey)
        }
        note(command) { $0.copies += 1 }
    }

    private func cancel(_ command: SoakCommand) async throws {
        let properties = AMQPProperties(contentType: "application/json", deliveryMode: .persistent)
        let body = #"{"id": "\#(command.id)"}"#
        try await publish(AMQPMessage(body: Array(body.utf8), properties: properties), BrokerNames.cancelKey)
        note(command) { $0.isCancelled = true }
    }

    private func publish(_ message: AMQPMessage, _ routingKey: String) async throws {
        while try await !publishOnce(message, routingKey) {}
    }

    /// Publishes a message.
    ///
    /// - Returns: whether it was confirmed; if not it may have arrived all the same.
    private func publishOnce(_ message: AMQPMessage, _ routingKey: String) async throws -> Bool {
        do {
            try await stage.client.publish(
                message,
                to: stage.names.commands,
                routingKey: routingKey,
                timeout: .seconds(2)
            )
            return true
        } catch let error as AMQPError where error.isRetriable {
            try Task.checkCancellation()
            return false
        }
    }

    private func note(_ command: SoakCommand, _ change: (inout SoakLedger.Command) -> Void) {
        state.withLock { state in
            let fresh = SoakLedger.Command(id: command.id, copies: 0, wantsReply: command.wantsReply)
            change(&state.commands[command.id, default: fresh])
        }
    }
}
