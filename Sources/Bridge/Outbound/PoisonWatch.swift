import Contracts
import CoreMetrics
import SMSCore

/// Counts how often the handling of a delivery was begun and never ended, as when it kills the process.
///
/// Only a delivery that comes again is watched, so the ordinary path pays nothing. Those that were being handled when the
/// process died before are handled one at a time, so that the innocent ones among them clear themselves.
struct PoisonWatch: Sendable {
    /// How often a delivery may take the process with it.
    static let limit = 5

    let store: any MessageStore
    let insistence: Insistence
    /// Copies of one delivery one after the other: then a mark that is found was left by a process that is gone.
    private let copies = KeyedLocks<String>()
    private let suspects = KeyedLocks<Bool>()

    init(store: any MessageStore, insistence: Insistence) {
        self.store = store
        self.insistence = insistence
    }

    /// Handles a delivery under watch.
    ///
    /// - Parameters:
    ///   - delivery: what is handled.
    ///   - handle: carries it out.
    ///   - park: puts it aside, unread.
    /// - Throws: what the two throw.
    func watch(
        _ delivery: CommandDelivery,
        handle: () async throws -> Void,
        park: (_ times: Int) async throws -> Void
    ) async throws {
        guard delivery.isRedelivered else { return try await handle() }
        let key = Digest.hex(Array((delivery.message.properties.messageID ?? "").utf8) + delivery.message.body)
        try await copies.withLock(key) { _ in
            let times = try await insistence.on("count handlings") { try await store.handlings(of: key) }
            if times >= Self.limit {
                try await park(times)
                try await end(key)
            } else if times > 0 {
                try await suspects.withLock(true) { _ in try await mark(key, while: handle) }
            } else {
                try await mark(key, while: handle)
            }
        }
    }

    private func mark(_ key: String, while handle: () async throws -> Void) async throws {
        _ = try await insistence.on("begin handling") { try await store.beginHandling(key, at: .now) }
        do {
            try await handle()
        } catch {
            // It was handed back, not killed by.
            try await end(key)
            throw error
        }
        try await end(key)
    }

    private func end(_ key: String) async throws {
        let store = store
        try await insistence.onUncancelled("end handling") { try await store.endHandling(key) }
    }
}
