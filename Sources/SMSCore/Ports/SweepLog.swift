package import Contracts

/// How far the sweep's clock has come, kept on disk.
package protocol SweepLog: Sendable {
    /// The moment that was noted last; nil in a new store.
    func sweepMoment() async throws -> Timestamp?

    /// Notes how far the clock has come.
    func noteSweepMoment(_ moment: Timestamp) async throws
}
