/// The values that were kept last, by key, in bounded memory.
///
/// Two generations: when the young one is full it becomes the old one, and the old one is forgotten.
package struct RecentValues<Key: Hashable, Value> {
    private let limit: Int
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    /// An empty memory.
    ///
    /// - Parameter limit: how many values one generation holds; at least this many and at most twice as many are known.
    package init(generation limit: Int) {
        self.limit = limit
    }

    /// The value that was kept last for a key, unless it is too long ago.
    package subscript(key: Key) -> Value? { young[key] ?? old[key] }

    /// Keeps a value in place of the key's earlier one.
    package mutating func keep(_ value: Value, for key: Key) {
        if young.count >= limit {
            old = young
            young = [:]
        }
        young[key] = value
    }

    /// Forgets a key.
    package mutating func forget(_ key: Key) {
        young[key] = nil
        old[key] = nil
    }
}
