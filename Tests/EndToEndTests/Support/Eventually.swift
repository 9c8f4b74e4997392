/// Asks until something is so.
///
/// - Parameters:
///   - limit: how long at most.
///   - condition: asked every 20 ms.
/// - Returns: whether it came to be so in time.
/// - Throws: what the condition throws; `CancellationError`.
func eventually(within limit: Duration = .seconds(10), _ condition: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return false
}
