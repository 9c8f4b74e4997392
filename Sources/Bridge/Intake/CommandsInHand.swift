import Contracts
import Synchronization

/// Commands that were seen for the first time and are not in the ledger yet: most of them wait for their turn to be
/// sent.
final class CommandsInHand: Sendable {
    private let ids = Mutex<Set<CommandID>>([])

    /// How many there are.
    var count: Int { ids.withLock { $0.count } }

    /// A command was seen for the first time.
    func take(_ id: CommandID) { ids.withLock { _ = $0.insert(id) } }

    /// A command is in the ledger, or was handed back.
    func put(_ id: CommandID) { ids.withLock { _ = $0.remove(id) } }
}
