import Synchronization

/// Lets only so many campaigns be read and cut at a time, so that their bodies take a bounded part of the memory: two
/// that are large (more than 1 MiB, or of a length that is not announced), and besides as many small ones as have 8 MiB
/// together.
final class CampaignBodies: Sendable {
    private static let smallBytes = 1 << 20
    private static let pause: Duration = .milliseconds(50)

    /// What is free.
    private struct Room {
        var large = 2
        var small = 8 << 20

        /// Takes room for a small body of some length, or for a large one; returns whether there was some.
        mutating func take(_ length: Int?) -> Bool {
            guard length.map({ $0 <= small }) ?? (large > 0) else { return false }
            if let length { small -= length } else { large -= 1 }
            return true
        }

        mutating func giveBack(_ length: Int?) {
            if let length { small += length } else { large += 1 }
        }
    }

    private let limit: Int
    private let patience: Duration
    private let room = Mutex(Room())

    /// All room is free.
    ///
    /// - Parameter limits: how long a body may be, and how long one waits for room.
    init(_ limits: HTTPLimits) {
        limit = limits.campaignBodyBytes
        patience = limits.campaignPatience
    }

    /// Does work when there is room, and frees the room afterwards.
    ///
    /// - Parameters:
    ///   - announced: the length of the body; nil where it is not known.
    ///   - work: reads the body and deals with it; gets how long it may be.
    /// - Returns: what the work returns.
    /// - Throws: ``HTTPProblem`` with 503 when there was no room in time; what the work throws.
    func within<Value>(_ announced: Int?, _ work: (_ limit: Int) async throws -> Value) async throws -> Value {
        let length = announced.flatMap { (0...Self.smallBytes).contains($0) ? $0 : nil }
        guard await take(length) else {
            throw HTTPProblem.comeAgain(
                after: .seconds(5),
                "Other campaigns are being read; nothing was enqueued, please send it again."
            )
        }
        defer { room.withLock { $0.giveBack(length) } }
        return try await work(limit)
    }

    private func take(_ length: Int?) async -> Bool {
        let end = ContinuousClock.now + patience
        while true {
            if room.withLock({ $0.take(length) }) { return true }
            guard .now < end else { return false }
            do { try await Task.sleep(for: Self.pause) } catch { return false }
        }
    }
}
