import Contracts
import CoreMetrics
import SMSCore

/// Counts how often the handling of a delivery ended the process.
///
/// Only a redelivered delivery is watched, so the ordinary path costs nothing; and of it only what can crash a process:
/// decoding, deciding, the request. A delivery that waits, for its id, for the gate, for the store or for the broker,
/// has no mark and holds no lock, so a process that is killed meanwhile leaves no mark, however often. Deliveries that
/// a killed process has left marked do these parts one at a time, so that the harmless ones lose their marks.
final class PoisonWatch: Sendable {
    /// How often a delivery may end the process.
    static let limit = 5

    let store: any MessageStore
    let retrier: Retrier
    /// Copies of one delivery are handled one after the other: so a mark that is found is from a process that is gone.
    private let copies = KeyedLocks<String>()
    private let suspects = KeyedLocks<Bool>()

    init(store: any MessageStore, retrier: Retrier) {
        self.store = store
        self.retrier = retrier
    }

    /// Handles a delivery under watch.
    ///
    /// - Parameters:
    ///   - delivery: what is handled.
    ///   - handle: carries it out, with what can crash the process `marked`.
    ///   - park: dead-letters it, unread.
    /// - Throws: what the two throw; the marks of processes that are gone are kept then.
    func watch(
        _ delivery: CommandDelivery,
        handle: (WatchedDelivery) async throws -> Void,
        park: (_ times: Int) async throws -> Void
    ) async throws {
        guard delivery.isRedelivered else { return try await handle(.unwatched) }
        let key = Digest.hex(Array((delivery.message.properties.messageID ?? "").utf8) + delivery.message.body)
        let times = try await copies.withLock(key) { _ in
            try await retrier.untilDone("count handlings") { try await store.handlings(of: key) }
        }
        if times >= Self.limit {
            try await park(times)
        } else {
            try await handle(WatchedDelivery(watch: self, key: key, isSuspect: times > 0))
        }
        if times > 0 { try await end(key) }
    }

    /// Runs a part of the handling with its mark in the store.
    fileprivate func mark<Value>(
        _ key: String,
        isSuspect: Bool,
        while body: () async throws -> Value
    ) async throws -> Value {
        try await copies.withLock(key) { _ in
            guard isSuspect else { return try await count(key, while: body) }
            return try await suspects.withLock(true) { _ in try await count(key, while: body) }
        }
    }

    private func count<Value>(_ key: String, while body: () async throws -> Value) async throws -> Value {
        _ = try await retrier.untilDone("begin handling") { try await store.beginHandling(key, at: .now) }
        let result: Result<Value, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        // Whatever the result, the process still runs; only its own mark is removed.
        try await withdraw(key)
        return try result.get()
    }

    private func withdraw(_ key: String) async throws {
        let store = store
        try await retrier.untilDoneUncancelled("withdraw handling") { try await store.withdrawHandling(key) }
    }

    private func end(_ key: String) async throws {
        let store = store
        try await retrier.untilDoneUncancelled("end handling") { try await store.endHandling(key) }
    }
}

/// A delivery under watch.
struct WatchedDelivery: Sendable {
    /// One that comes for the first time.
    static let unwatched = WatchedDelivery(watch: nil, key: "", isSuspect: false)

    private let watch: PoisonWatch?
    private let key: String
    private let isSuspect: Bool

    fileprivate init(watch: PoisonWatch?, key: String, isSuspect: Bool) {
        self.watch = watch
        self.key = key
        self.isSuspect = isSuspect
    }

    /// Runs what can crash the process; never anything that waits for longer than a request may take.
    ///
    /// - Returns: what the body returned.
    /// - Throws: what the body throws; `CancellationError`.
    func marked<Value>(_ body: () async throws -> Value) async throws -> Value {
        guard let watch else { return try await body() }
        return try await watch.mark(key, isSuspect: isSuspect, while: body)
    }
}
