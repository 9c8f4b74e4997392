/// A set of label values that comes from outside and yet is bounded: the first ones have their names, the rest is `other`.
struct BoundedLabels: Hashable, Sendable {
    /// What stands for those that came too late.
    static let other = "other"

    private let limit: Int
    private var known: Set<String> = []

    /// An empty set.
    init(limit: Int) {
        self.limit = limit
    }

    /// The value itself while there is room, else ``other``; longer ones than 100 characters are cut.
    mutating func label(for value: String) -> String {
        let value = String(value.prefix(100))
        if known.contains(value) { return value }
        guard known.count < limit else { return Self.other }
        known.insert(value)
        return value
    }
}
