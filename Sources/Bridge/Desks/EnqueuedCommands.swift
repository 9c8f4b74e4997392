import Contracts
import SMSCore

/// Commands that this process has enqueued and that have no record yet, so that one which was answered 202 is not
/// unknown while it is in its queue.
///
/// It keeps a bounded number of them, the newest; they are lost in a restart.
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
    /// In the order of arrival; ids that are gone, or have come again since, are skipped.
    private var order: [(id: CommandID, at: Timestamp)] = []
    /// Where `order` begins.
    private var head = 0

    /// Empty, with a limit.
    init(capacity: Int = 10_000) {
        self.capacity = capacity
    }

    /// How many there are.
    var count: Int { entries.count }

    /// The command with an id.
    subscript(id: CommandID) -> Entry? { entries[id] }

    /// Adds a command, and removes the oldest where there are too many; one that is there already stays as it was.
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

    /// Removes a command that has a record by now.
    mutating func remove(_ id: CommandID) {
        entries[id] = nil
    }

    private mutating func dropFirst() {
        let (id, at) = order[head]
        head += 1
        if entries[id]?.at == at { entries[id] = nil }
    }
}
