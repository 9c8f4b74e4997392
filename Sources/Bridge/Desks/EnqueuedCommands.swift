import Contracts
import SMSCore

/// Commands that this process has enqueued and that no record tells of yet, so that one which was answered 202 is not
/// unknown while it stands in its queue.
///
/// It holds a bounded number of them, the newest; a restart forgets them.
struct EnqueuedCommands {
    /// What is known of a command before it is handled.
    struct Entry: Hashable {
        let id: CommandID
        let digest: String
        let to: String?
        let from: String?
        let segments: Int?
        let at: Timestamp

        /// A command that was enqueued at a moment.
        init(_ request: SendRequest, at: Timestamp) {
            id = request.id
            digest = request.digest
            to = request.facts.to
            from = request.facts.from
            segments = request.facts.segments
            self.at = at
        }
    }

    private let capacity: Int
    private var entries: [CommandID: Entry] = [:]
    /// In the order of coming; ids that are gone, or have come again since, are passed over.
    private var order: [(id: CommandID, at: Timestamp)] = []
    /// Where `order` begins.
    private var head = 0

    /// None yet; at most so many later.
    init(capacity: Int = 10_000) {
        self.capacity = capacity
    }

    /// How many there are.
    var count: Int { entries.count }

    /// The command with an id.
    subscript(id: CommandID) -> Entry? { entries[id] }

    /// Adds a command, and lets the oldest go where there are too many; one that is there already stays as it was.
    mutating func add(_ entry: Entry) {
        guard entries[entry.id] == nil else { return }
        entries[entry.id] = entry
        order.append((entry.id, entry.at))
        while entries.count > capacity || order.count - head > 2 * capacity { dropFirst() }
        if head > capacity {
            order.removeFirst(head)
            head = 0
        }
    }

    /// Forgets a command, of which a record tells by now.
    mutating func remove(_ id: CommandID) {
        entries[id] = nil
    }

    private mutating func dropFirst() {
        let (id, at) = order[head]
        head += 1
        if entries[id]?.at == at { entries[id] = nil }
    }
}
