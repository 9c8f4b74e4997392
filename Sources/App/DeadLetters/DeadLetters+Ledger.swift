extension DeadLetters {
    /// What was decided about the dead letters of one walk, so that one that is delivered again is known; pure.
    ///
    /// They come again when the ones held were given back, or when the connection was lost; an ack that was on its way
    /// then may have been lost too. Two that are alike, as a crash can leave them, are counted, not confused.
    struct Ledger {
        /// What is done with a dead letter that was delivered.
        enum Reception: Hashable {
            /// It is new: the visitor decides.
            case visit
            /// It was kept before.
            case hold
            /// It was removed before, and the ack got lost.
            case acknowledge
        }

        private var visitsLeft: Int
        private var keptLetters = Multiset()
        private var removedLetters = Multiset()
        /// Those of earlier rounds that this round has not met yet.
        private var dueBack = Multiset()
        private var mayComeBack = Multiset()
        private var unpaid = 0

        /// A walk that shows so many dead letters.
        init(visits: Int) {
            visitsLeft = visits
        }

        /// Whether all dead letters have been shown, and all that were to go are gone.
        var isOver: Bool { visitsLeft == 0 && unpaid == 0 }

        /// How many deliveries are still needed, at least.
        var expected: Int { visitsLeft + dueBack.count + unpaid }

        /// A dead letter was delivered.
        mutating func receive(_ fingerprint: Fingerprint) -> Reception {
            if dueBack.remove(fingerprint) { return .hold }
            if mayComeBack.remove(fingerprint) { return .acknowledge }
            return .visit
        }

        /// A dead letter was shown, and stays.
        mutating func kept(_ fingerprint: Fingerprint) {
            visitsLeft = max(0, visitsLeft - 1)
            keptLetters.insert(fingerprint)
        }

        /// A dead letter was shown, and goes; without an ack it has to be acknowledged when it comes again.
        mutating func removed(_ fingerprint: Fingerprint, isAcked: Bool) {
            visitsLeft = max(0, visitsLeft - 1)
            removedLetters.insert(fingerprint)
            if !isAcked { unpaid += 1 }
        }

        /// A dead letter that came again was acknowledged.
        mutating func paid() {
            unpaid = max(0, unpaid - 1)
        }

        /// Everything held has gone back to the queue.
        mutating func beginRound() {
            dueBack = keptLetters
            mayComeBack = removedLetters
        }
    }

    /// So many of each.
    struct Multiset: Hashable, Sendable {
        private var counts: [Fingerprint: Int] = [:]
        private(set) var count = 0

        /// Adds one.
        mutating func insert(_ fingerprint: Fingerprint) {
            counts[fingerprint, default: 0] += 1
            count += 1
        }

        /// Takes one out.
        ///
        /// - Returns: false when there is none.
        mutating func remove(_ fingerprint: Fingerprint) -> Bool {
            guard let number = counts[fingerprint] else { return false }
            counts[fingerprint] = number == 1 ? nil : number - 1
            count -= 1
            return true
        }
    }
}
