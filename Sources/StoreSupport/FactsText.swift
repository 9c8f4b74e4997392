package import Contracts
import FoundationEssentials
package import SMSCore
import Synchronization

/// The facts of records as JSON text, remembered for a while.
///
/// A command's record is written three or four times with the same facts and read back in between: a short memory saves
/// most of the JSON work. It never changes a result: an entry is used only where what it was made from is equal.
package final class FactsText: Sendable {
    private struct Entry {
        let facts: MessageFacts
        let text: String
    }

    /// Entries of one generation; a record's facts are at most some 5 KiB, mostly 200 bytes.
    private let memory = Mutex(RecentValues<CommandID, Entry>(generation: 1024))

    /// An empty memory.
    package init() {}

    /// The JSON of a record's facts.
    ///
    /// - Throws: what JSON encoding throws; these types throw nothing.
    package func encode(_ facts: MessageFacts, of id: CommandID) throws -> String {
        if let known = memory.withLock({ $0[id] }), known.facts == facts { return known.text }
        let text = String(decoding: try JSONBytes.encode(facts), as: UTF8.self)
        memory.withLock { $0.keep(Entry(facts: facts, text: text), for: id) }
        return text
    }

    /// The facts in a record's JSON.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when it is not such JSON.
    package func decode(_ text: String, of id: CommandID) throws -> MessageFacts {
        if let known = memory.withLock({ $0[id] }), known.text == text { return known.facts }
        let facts: MessageFacts
        do {
            facts = try JSONDecoder().decode(MessageFacts.self, from: Data(text.utf8))
        } catch {
            throw StoreError.corrupt("The facts of a record", underlying: error)
        }
        memory.withLock { $0.keep(Entry(facts: facts, text: text), for: id) }
        return facts
    }
}
