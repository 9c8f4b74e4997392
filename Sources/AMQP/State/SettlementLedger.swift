internal import DequeModule

/// Deliveries of one channel and what became of them, so that settlements can be written together.
///
/// Delivery tags count from 1 without gaps. `multiple` settles everything up to a tag, so it is used only up to the end of
/// the unbroken run of settled tags: one handler that is still at work ends the run. The memory is one byte for each
/// delivery since the oldest unsettled one, which the broker's consumer timeout (30 minutes by default) bounds.
struct SettlementLedger {
    /// What is to become of a delivery.
    enum Verdict: UInt8 { case ack, requeue, discard }

    /// One settlement on the wire.
    enum Frame: Equatable {
        case ack(tag: UInt64, multiple: Bool)
        case nack(tag: UInt64, multiple: Bool, requeue: Bool)
    }

    private enum Entry: UInt8 { case outstanding, ack, requeue, discard, written }

    private var entries: Deque<Entry> = []
    private var firstTag: UInt64 = 1
    private var nextToWrite: [UInt64] = []
    /// Deliveries that are not settled yet.
    private(set) var outstandingCount = 0

    /// Whether settlements wait to be written.
    var hasUnwritten: Bool { !nextToWrite.isEmpty }

    /// Settlements that wait to be written.
    var unwrittenCount: Int { nextToWrite.count }

    /// Notes a delivery.
    ///
    /// - Returns: false when the tag is not the next in the row, which the broker never does.
    mutating func delivered(_ tag: UInt64) -> Bool {
        guard tag == firstTag + UInt64(entries.count) else { return false }
        entries.append(.outstanding)
        outstandingCount += 1
        return true
    }

    /// Decides about a delivery.
    ///
    /// - Returns: false when it was decided before or is not known: a second settlement would close the channel.
    mutating func settle(_ tag: UInt64, as verdict: Verdict) -> Bool {
        guard tag >= firstTag, tag - firstTag < UInt64(entries.count) else { return false }
        let index = Int(tag - firstTag)
        guard entries[index] == .outstanding else { return false }
        entries[index] =
            switch verdict {
            case .ack: .ack
            case .requeue: .requeue
            case .discard: .discard
            }
        outstandingCount -= 1
        nextToWrite.append(tag)
        return true
    }

    /// What is to be written now, as few frames as possible, refusals first.
    mutating func takeFrames() -> [Frame] {
        guard !nextToWrite.isEmpty else { return [] }
        var frames: [Frame] = []
        var acks: [UInt64] = []
        for tag in nextToWrite {
            let index = Int(tag - firstTag)
            switch entries[index] {
            case .requeue: frames.append(.nack(tag: tag, multiple: false, requeue: true))
            case .discard: frames.append(.nack(tag: tag, multiple: false, requeue: false))
            case .ack:
                acks.append(tag)
                continue
            case .outstanding, .written: continue
            }
            entries[index] = .written
        }
        nextToWrite.removeAll(keepingCapacity: true)
        let runEnd = endOfSettledRun()
        let inRun = acks.filter { $0 < runEnd }
        if let last = inRun.max() {
            frames.append(.ack(tag: last, multiple: inRun.count > 1))
        }
        for tag in acks {
            entries[Int(tag - firstTag)] = .written
            if tag >= runEnd { frames.append(.ack(tag: tag, multiple: false)) }
        }
        while entries.first == .written {
            entries.removeFirst()
            firstTag += 1
        }
        return frames
    }

    /// The first tag from the front that is still open, or the next tag to come.
    private func endOfSettledRun() -> UInt64 {
        let open = entries.firstIndex(of: .outstanding) ?? entries.endIndex
        return firstTag + UInt64(open)
    }
}
