package import Contracts

/// What was published in each of the last minutes, by kind; pure.
package struct FlowMinutes: Hashable, Sendable, Encodable {
    /// How many minutes are kept, the present one included.
    package static let length = 60

    /// What an event says, as far as a chart shows it.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The provider has the message.
        case accepted
        /// Rejected, failed or invalid.
        case failed
        /// Suppressed, expired or cancelled.
        case stopped
        case uncertain
        case delivered
        /// A final receipt that is not `delivered`.
        case undelivered
        /// Any other receipt.
        case receipt
        /// A message from a handset.
        case inbound
    }

    /// When the last of the minutes began, in minutes since 1970.
    private var minute: Int64
    /// A ring for each kind; the present minute's place is its number modulo the length.
    private var counts: [[Int]]

    /// Nothing has been published.
    package init(now: Timestamp) {
        minute = now.milliseconds / 60_000
        counts = Array(repeating: Array(repeating: 0, count: Self.length), count: Kind.allCases.count)
    }

    /// Counts an event.
    package mutating func count(_ kind: Kind, at now: Timestamp) {
        move(to: now)
        guard let row = Kind.allCases.firstIndex(of: kind) else { return }
        counts[row][place(minute)] += 1
    }

    /// Lets the minutes pass that have passed; a clock that was set back changes nothing.
    package mutating func move(to now: Timestamp) {
        let present = now.milliseconds / 60_000
        guard present > minute else { return }
        for passed in max(minute + 1, present - Int64(Self.length) + 1)...present {
            for row in counts.indices { counts[row][place(passed)] = 0 }
        }
        minute = present
    }

    /// The counts of a kind, the oldest minute first.
    package func series(_ kind: Kind) -> [Int] {
        guard let row = Kind.allCases.firstIndex(of: kind) else { return [] }
        return (0..<Self.length).map { counts[row][place(minute - Int64(Self.length - 1 - $0))] }
    }

    private func place(_ minute: Int64) -> Int { Int(minute % Int64(Self.length)) }

    private enum CodingKeys: CodingKey {
        case minutes, until, series
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.length, forKey: .minutes)
        // The beginning of the present minute, the last of each series.
        try container.encode(Timestamp(milliseconds: minute * 60_000).rfc3339, forKey: .until)
        let all = Dictionary(uniqueKeysWithValues: Kind.allCases.map { ($0.rawValue, series($0)) })
        try container.encode(all, forKey: .series)
    }
}
