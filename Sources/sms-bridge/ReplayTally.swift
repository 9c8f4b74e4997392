/// What became of what `dead replay` and `unrouted replay` were to publish again.
struct ReplayTally: Sendable {
    /// What became of one.
    enum Result {
        /// It was published, or would be.
        case replayed
        case refused
        case notTaken
    }

    private(set) var replayedCount = 0
    private(set) var refusedCount = 0
    private(set) var notTakenCount = 0
    var unknownCount = 0

    /// Whether something stays that was named.
    var hasProblems: Bool { refusedCount + unknownCount > 0 }

    mutating func add(_ result: Result) {
        switch result {
        case .replayed: replayedCount += 1
        case .refused: refusedCount += 1
        case .notTaken: notTakenCount += 1
        }
    }

    func sentence(isDryRun: Bool) -> String {
        let parts = [
            "\(replayedCount) \(isDryRun ? "would be replayed" : "replayed")",
            refusedCount > 0 ? "\(refusedCount) refused" : nil,
            notTakenCount > 0 ? "\(notTakenCount) not taken by the broker" : nil,
            unknownCount > 0 ? "\(unknownCount) unknown" : nil,
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}
