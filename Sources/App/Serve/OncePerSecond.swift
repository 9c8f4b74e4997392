/// Makes something once for all who ask at a time, and again for those who ask a second later.
actor OncePerSecond<Value: Sendable> {
    private var making: Task<Value, Never>?
    private var last: (value: Value, at: ContinuousClock.Instant)?

    /// What was made within the last second, or is made now.
    func value(_ make: @escaping @Sendable () async -> Value) async -> Value {
        if let making { return await making.value }
        if let last, ContinuousClock.now - last.at < .seconds(1) { return last.value }
        let task = Task { await make() }
        making = task
        let value = await task.value
        making = nil
        last = (value, .now)
        return value
    }
}
