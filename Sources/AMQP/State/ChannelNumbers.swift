/// Channel numbers of one connection.
///
/// The lowest free one is given out, because librabbitmq keeps memory per number.
struct ChannelNumbers {
    private var highest: UInt16 = 0
    private var free: [UInt16] = []
    private let limit: UInt16

    /// Numbers from 1 to `limit`.
    init(limit: UInt16) {
        self.limit = limit
    }

    /// A number that is not in use, or nil when all are.
    mutating func take() -> UInt16? {
        if let reused = free.popLast() { return reused }
        guard highest < limit else { return nil }
        highest += 1
        return highest
    }

    /// Gives a number back, after the broker has confirmed that the channel is closed.
    mutating func giveBack(_ number: UInt16) {
        let place = free.firstIndex { $0 < number } ?? free.endIndex
        free.insert(number, at: place)
    }
}
