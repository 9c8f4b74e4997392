package import Contracts

/// What processes that share a store know of each other; there is none where one process has a store to itself.
///
/// Every function throws when the store cannot be reached.
package protocol ReplicaStore: Sendable {
    /// How long an attempt belongs to the process that began it, from the beginning of its intent; its request has to be
    /// over by then.
    var leaseLength: Duration { get }

    /// Notes that this process lives.
    func beat() async throws

    /// What is known of the process that made a command's last attempt.
    func standing(of id: CommandID) async throws -> AttemptStanding

    /// Takes a piece of work, or keeps it, for a while; returns false while another process has it.
    func claim(_ work: String, for time: Duration) async throws -> Bool

    /// Takes a slice of a rate in advance: `count` slots, `interval` apart, that no other process has.
    ///
    /// - Returns: when the first of them is, by the clock that all processes share; nil, with nothing taken, when that
    ///   would be longer than `limit` from now.
    func takeSlots(of rate: String, count: Int, every interval: Duration, within limit: Duration) async throws
        -> TakenSlots?

    /// What there is to say of the processes that share the store, for people.
    func figures() async throws -> ReplicaFigures

    /// Takes over the spooled events of processes that are gone; returns their keys, one for each event.
    func adoptSpools() async throws -> [String]

    /// Runs a body while no process runs another one of the same key, as long as both keep to some seconds: a process that
    /// does not get the lock by then goes on without it, for the one that holds it may be frozen.
    func withLock<Value>(_ key: String, _ body: () async throws -> Value) async throws -> Value
}

/// A slice of a shared rate, dated by the store's clock: both moments count from one beginning, which does not matter.
package struct TakenSlots: Hashable, Sendable {
    /// When the first slot is.
    package let first: Duration
    /// When the slice was taken.
    package let taken: Duration

    /// A slice that was taken at a moment and begins at one.
    package init(first: Duration, taken: Duration) {
        self.first = first
        self.taken = taken
    }
}

/// What there is to say of the processes that share a store.
package struct ReplicaFigures: Hashable, Sendable {
    /// Processes whose last sign of life is younger than a lease, this one included.
    package let replicas: Int
    /// Attempts that belong to this process.
    package let leases: Int
    /// How far the slowest standby of the database is behind; nil where there is none, or none may be seen.
    package let replicationLag: Duration?

    package init(replicas: Int, leases: Int, replicationLag: Duration?) {
        self.replicas = replicas
        self.leases = leases
        self.replicationLag = replicationLag
    }
}

/// What is known of the process that made an attempt and wrote nothing of its end.
package enum AttemptStanding: Hashable, Sendable {
    /// It will make no request any more: it is gone, it is this one, or it has written the attempt's end.
    case over
    /// It may be making the request; its lease ends after that time.
    case leased(Duration)
    /// Its lease is over, but it may only be frozen, and wake.
    case lapsed
}
