import Contracts
import CoreMetrics
import Logging
import SMSCore
import Synchronization

/// Publishing what is in the spool.
extension Outlet {
    /// How far one call of `drain` came.
    package struct Drained: Hashable, Sendable {
        /// How many events left the spool.
        package var count = 0
        /// Whether the end of the spool was reached; the next call then begins with the oldest event again.
        package var isAtEnd = false
    }

    /// Events of one page, at most.
    private static let pageSize = 200
    /// After so many pages in a row from which nothing was published a call ends; the next one goes on from there.
    private static let fruitlessPages = 10

    /// Whether `drain` should be called.
    package var needsDraining: Bool { ledger.withLock { $0.needsPass(now: time.elapsed()) } }

    /// Whether everything that is spooled waits for paused routes.
    package var isResting: Bool { ledger.withLock { $0.isResting(now: time.elapsed()) } }

    /// Publishes what is spooled, page by page, each key's events in order.
    ///
    /// An event that is refused keeps its own key waiting, and its route is paused, for a second first and for up to
    /// five minutes later; everything else goes on. An unknown route is tried with one event first. A call ends at the
    /// end of the spool, when the broker is away, or when it read much and published nothing, so that neither a stuck
    /// spool nor an absent broker costs more than a few pages; the next call resumes the pass, so that the whole spool
    /// gets its turn. Calls must not overlap.
    ///
    /// - Returns: how far it came.
    /// - Throws: what the store throws; events that were published by then may be published again.
    package func drain() async throws -> Drained {
        var drained = Drained()
        var pass = ledger.withLock { $0.resumePass() }
        // A short page first: it is enough to learn that the broker is away, or that a route is closed.
        var limit = 1
        var fruitless = 0
        while !Task.isCancelled, fruitless < Self.fruitlessPages {
            let page = try await spool.spooled(after: pass.position, limit: limit)
            if page.isEmpty {
                ledger.withLock { $0.ended(pass) }
                drained.isAtEnd = true
                return drained
            }
            let lines = await publish(pass.lines(of: page), in: &pass)
            let taken = lines.flatMap(\.taken)
            try await spool.unspool(taken)
            pass.note(page, lines)
            ledger.withLock {
                $0.removed(taken.count)
                $0.interrupted(pass)
            }
            drained.count += taken.count
            if taken.isEmpty, lines.contains(where: \.foundBrokerAway) { break }
            fruitless = taken.isEmpty ? fruitless + 1 : 0
            limit = min(limit * 4, Self.pageSize)
        }
        return drained
    }

    /// Publishes the events of a page, keys concurrently and each key's in order, up to the first that is not taken.
    private func publish(_ lines: [SpoolLine], in pass: inout SpoolPass) async -> [SpoolLine] {
        var lines = lines
        while true {
            let turn = ledger.withLock { $0.turn(of: &lines, in: pass, now: time.elapsed()) }
            let events = turn.compactMap { index in lines[index].next.map { (index: index, message: $0.message) } }
            guard !events.isEmpty else { break }
            for (index, route, obstacle) in await publishSideBySide(events) {
                lines[index].note(obstacle)
                pass.note(route, obstacle)
                ledger.withLock { $0.note(route, obstacle, now: time.elapsed()) }
            }
        }
        return lines
    }

    /// Publishes events concurrently.
    private func publishSideBySide(
        _ events: [(index: Int, message: BrokerMessage)]
    ) async -> [(index: Int, route: SpoolRoute, obstacle: SpoolLine.Obstacle?)] {
        await withTaskGroup(of: (index: Int, route: SpoolRoute, obstacle: SpoolLine.Obstacle?).self) { group in
            for (index, message) in events {
                group.addTask {
                    let obstacle = await self.obstacle(to: message)
                    return (index: index, route: SpoolRoute(message), obstacle: obstacle)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Publishes an event; `nil` once it is published or dead-lettered.
    private func obstacle(to message: BrokerMessage) async -> SpoolLine.Obstacle? {
        do throws(PublishFailure) {
            try await promptPublisher.publish(message)
            return nil
        } catch {
            guard case .impossible(let reason) = error else { return error.isBrokerAway ? .brokerAway : .refused }
            return await deadLetterSpooled(message, reason)
        }
    }

    /// Dead-letters an event that can never be published; it would stay in the spool for ever.
    private func deadLetterSpooled(_ event: BrokerMessage, _ reason: String) async -> SpoolLine.Obstacle? {
        var metadata: Logger.Metadata = [BridgeLogKey.error.rawValue: "\(event.exchange): \(reason)"]
        do throws(PublishFailure) {
            try await promptPublisher.publish(event.unpublishableDeadLetter(reason, names: names, now: .now))
            logger.error("a spooled event can never be published and is a dead letter", metadata: metadata)
        } catch {
            guard case .impossible(let why) = error else { return .deadLetters }
            metadata[BridgeLogKey.error.rawValue] = "\(event.exchange): \(reason); \(why)"
            logger.error("a spooled event can never be published, not even as a dead letter", metadata: metadata)
        }
        BridgeMetrics.stepFailures("publish spooled event").increment()
        return nil
    }
}
