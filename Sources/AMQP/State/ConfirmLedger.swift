internal import DequeModule

/// Publishes of one channel that the broker has not confirmed yet, by tag; tags count from 1 after `confirm.select`.
///
/// A tag is settled once; unknown and repeated tags are tolerated, for they must not end the process.
struct ConfirmLedger<ID> {
    private var entries: Deque<ID?> = []
    private var firstTag: UInt64 = 1
    /// How many are waiting.
    private(set) var pendingCount = 0

    /// Whether nothing is waiting.
    var isEmpty: Bool { pendingCount == 0 }

    /// Everything that is waiting, in the order of publishing.
    var pending: some Sequence<ID> { entries.lazy.compactMap { $0 } }

    /// Notes one more publish.
    ///
    /// - Returns: its tag.
    @discardableResult
    mutating func append(_ id: ID) -> UInt64 {
        entries.append(id)
        pendingCount += 1
        return firstTag + UInt64(entries.count) - 1
    }

    /// Takes out what a confirm settles.
    ///
    /// - Parameters:
    ///   - tag: the confirm's tag; 0 together with `multiple` means everything so far.
    ///   - multiple: whether all earlier tags are settled too.
    /// - Returns: what was waiting under those tags, in the order of publishing.
    mutating func settle(tag: UInt64, multiple: Bool) -> [ID] {
        let last = multiple && tag == 0 ? firstTag + UInt64(entries.count) &- 1 : tag
        guard last >= firstTag, last - firstTag < UInt64(entries.count) else { return [] }
        let index = Int(last - firstTag)
        var settled: [ID] = []
        for place in (multiple ? 0 : index)...index {
            guard let id = entries[place] else { continue }
            entries[place] = nil
            settled.append(id)
        }
        pendingCount -= settled.count
        dropSettledPrefix()
        return settled
    }

    /// Takes out everything, because the channel is gone.
    mutating func drain() -> [ID] {
        let left = entries.compactMap { $0 }
        firstTag += UInt64(entries.count)
        entries.removeAll()
        pendingCount = 0
        return left
    }

    private mutating func dropSettledPrefix() {
        while let front = entries.first, front == nil {
            entries.removeFirst()
            firstTag += 1
        }
    }
}
