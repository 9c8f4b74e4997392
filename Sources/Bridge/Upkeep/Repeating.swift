import ServiceLifecycle

/// Runs a body every so often, at once for the first time, until the service stops.
///
/// - Parameters:
///   - interval: between the end of one run and the start of the next.
///   - clock: what the interval runs on.
///   - body: throws nothing, because what fails is tried again the next time.
func repeating(
    every interval: Duration,
    on clock: any Clock<Duration>,
    _ body: @escaping @Sendable () async -> Void
) async {
    await cancelWhenGracefulShutdown {
        while !Task.isCancelled {
            await body()
            do { try await clock.sleep(for: interval) } catch { return }
        }
    }
}
