import Contracts
import SMSCore
import Testing

extension StoreConformance {
    static let listener: [StoreConformance] = [
        StoreConformance("a store that is new knows of no gap, and notes none at the first beat") { store in
            #expect(try await store.allGaps() == [])
            try await store.noteListening(at: Samples.moment, tolerance: .seconds(10))
            #expect(try await store.allGaps() == [])
        },
        StoreConformance(
            "time between beats is a gap where it is longer than the tolerance"
        ) { store async throws in
            let start = Samples.moment
            try await store.noteListening(at: start, tolerance: .seconds(10))
            try await store.noteListening(at: start + .seconds(10), tolerance: .seconds(10))
            #expect(try await store.allGaps() == [])
            let late = start + .seconds(20) + .milliseconds(1)
            try await store.noteListening(at: late, tolerance: .seconds(10))
            #expect(try await store.allGaps() == [ListenerGap(.down, from: start + .seconds(10), until: late)])
            // The next is measured from the last beat.
            try await store.noteListening(at: late + .seconds(10), tolerance: .seconds(10))
            #expect(try await store.allGaps().count == 1)
        },
        StoreConformance("a clock that was set back is followed") { store async throws in
            let last = Samples.moment
            try await store.noteListening(at: last, tolerance: .seconds(1))
            let back = last - .seconds(100)
            try await store.noteListening(at: back, tolerance: .seconds(1))
            #expect(try await store.allGaps() == [])
            // Else a gap before the old time would be overlooked.
            try await store.noteListening(at: back + .seconds(2), tolerance: .seconds(1))
            #expect(try await store.allGaps() == [ListenerGap(.down, from: back, until: back + .seconds(2))])
        },
        StoreConformance("what was noted ahead of a clock that is put right is forgotten") { store async throws in
            let start = Samples.moment
            try await store.noteListening(at: start, tolerance: .seconds(1))
            let ahead = start + .seconds(2_678_400)
            try await store.noteListening(at: ahead, tolerance: .seconds(1))
            try await store.noteFailedWebhook(at: ahead)
            #expect(try await store.allGaps().count == 2)
            let right = start + .seconds(60)
            try await store.noteListening(at: right, tolerance: .seconds(1))
            #expect(try await store.allGaps() == [ListenerGap(.down, from: start, until: right)])
        },
        StoreConformance("how far the sweep's clock has come is kept") { store async throws in
            #expect(try await store.sweepMoment() == nil)
            for moment in [Samples.moment, Samples.moment - .seconds(60)] {
                try await store.noteSweepMoment(moment)
                #expect(try await store.sweepMoment() == moment)
            }
        },
        StoreConformance(
            "a failed webhook is noted, and others within the next second are not"
        ) { store async throws in
            let first = Samples.moment
            for after in [0, 0, 1, 500, 999, 1000, 1999, 2000] {
                try await store.noteFailedWebhook(at: first + .milliseconds(after))
            }
            let noted = [first, first + .seconds(1), first + .seconds(2)]
            #expect(try await store.allGaps() == noted.map { ListenerGap(.failedWebhook, from: $0, until: $0) })
            // After the clock was set back, failures are noted as before.
            let back = first - .seconds(3)
            try await store.noteFailedWebhook(at: back)
            #expect(try await store.allGaps().first == ListenerGap(.failedWebhook, from: back, until: back))
        },
        StoreConformance("a gap that has just ended hides no failed webhook") { store async throws in
            try await store.noteListening(at: Samples.moment - .seconds(60), tolerance: .seconds(1))
            try await store.noteListening(at: Samples.moment, tolerance: .seconds(1))
            try await store.noteFailedWebhook(at: Samples.moment)
            #expect(try await store.allGaps().map(\.kind) == [.down, .failedWebhook])
        },
        StoreConformance("gaps are listed that touch the time asked for, in order of their beginnings", touching),
        StoreConformance(
            "a sweep takes gaps that ended more than two days ago, and no other"
        ) { store async throws in
            let limit = Samples.moment - .seconds(172_800)
            for moment in [limit - .seconds(90), limit - .milliseconds(1), limit + .seconds(9)] {
                try await store.noteListening(at: moment, tolerance: .seconds(1))
            }
            try await store.noteFailedWebhook(at: limit - .seconds(10))
            try await store.noteFailedWebhook(at: limit)
            #expect(try await store.allGaps().count == 4)
            #expect(try await store.sweep(now: Samples.moment, notesBefore: Samples.moment) == 2)
            let kept = [
                ListenerGap(.down, from: limit - .milliseconds(1), until: limit + .seconds(9)),
                ListenerGap(.failedWebhook, from: limit, until: limit),
            ]
            #expect(try await store.allGaps() == kept)
            #expect(try await store.sweep(now: Samples.moment, notesBefore: Samples.moment) == 0)
            // The last beat ends no gap: from here on the listener is down.
            try await store.noteListening(at: Samples.moment, tolerance: .seconds(1))
            #expect(try await store.allGaps().last?.from == limit + .seconds(9))
        },
    ]

    private static func touching(store: any AnyStore) async throws {
        let start = Samples.moment
        // Silences from 10 to 20 and from 30 to 40; failures at 5, 15 and 35, noted in another order.
        for second in [10, 20, 30, 40] {
            let tolerance: Duration = second == 30 ? .seconds(10) : .seconds(1)
            try await store.noteListening(at: start + .seconds(second), tolerance: tolerance)
        }
        for second in [35, 5, 15] { try await store.noteFailedWebhook(at: start + .seconds(second)) }
        func gaps(_ from: Duration, _ until: Duration) async throws -> [Duration] {
            try await store.gaps(from: start + from, until: start + until).map { $0.from - start }
        }
        let first = try await store.gaps(from: start, until: start + .seconds(12))
        let expected = [
            ListenerGap(.failedWebhook, from: start + .seconds(5), until: start + .seconds(5)),
            ListenerGap(.down, from: start + .seconds(10), until: start + .seconds(20)),
        ]
        #expect(first == expected)
        #expect(try await gaps(.seconds(0), .seconds(99)) == [5, 10, 15, 30, 35].map { .seconds($0) })
        // Within one, and touching one at its end, its beginning, and its only moment.
        #expect(try await gaps(.seconds(11), .seconds(12)) == [.seconds(10)])
        #expect(try await gaps(.seconds(20), .seconds(25)) == [.seconds(10)])
        #expect(try await gaps(.seconds(25), .seconds(30)) == [.seconds(30)])
        #expect(try await gaps(.seconds(5), .seconds(5)) == [.seconds(5)])
        // Beside them.
        #expect(try await gaps(.milliseconds(20_001), .milliseconds(29_999)) == [])
        #expect(try await gaps(.milliseconds(5001), .milliseconds(9999)) == [])
        #expect(try await gaps(.milliseconds(40_001), .seconds(99)) == [])
    }
}

extension ListenerLog {
    /// Everything that is noted.
    fileprivate func allGaps() async throws -> [ListenerGap] {
        try await gaps(from: Timestamp(milliseconds: 0), until: Samples.moment + .seconds(10_000_000))
    }
}
