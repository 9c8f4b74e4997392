extension DeadLetters {
    /// Dead letters that were chosen at one moment, to be removed at a later one, and no others.
    package struct Choice: Sendable {
        var letters = Multiset()
        /// Ids that no dead letter has.
        package internal(set) var unknownIDs: Set<String> = []

        /// How many there are.
        package var count: Int { letters.count }
    }

    /// Looks which dead letters are meant.
    ///
    /// - Parameters:
    ///   - selection: which.
    ///   - count: of dead letters to look at, from a census.
    /// - Returns: those dead letters, which stay.
    /// - Throws: `AMQPError`; `CancellationError`.
    package func choose(_ selection: Selection, upTo count: Int) async throws -> Choice {
        var selection = selection
        var choice = Choice()
        try await walk(upTo: count) { deadLetter in
            if selection.takes(deadLetter) { choice.letters.insert(deadLetter.fingerprint) }
            return .keep
        }
        choice.unknownIDs = selection.unknownIDs
        return choice
    }

    /// Removes dead letters for good.
    ///
    /// - Parameters:
    ///   - choice: which.
    ///   - count: of dead letters to look at, from a census.
    /// - Returns: how many were still there.
    /// - Throws: `AMQPError`; `CancellationError`.
    package func purge(_ choice: Choice, upTo count: Int) async throws -> Int {
        var rest = choice.letters
        guard rest.count > 0 else { return 0 }
        try await walk(upTo: count) { deadLetter in
            if rest.count == 0 { return .stop }
            return rest.remove(deadLetter.fingerprint) ? .remove(pausingUntil: nil) : .keep
        }
        return choice.count - rest.count
    }
}
