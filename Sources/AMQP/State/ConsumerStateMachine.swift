/// One consumer over all its channels: subscribe, and subscribe again whatever happens, until it is cancelled.
struct ConsumerStateMachine {
    enum State: Equatable {
        /// Not subscribed; tried again at the time given, or at once (nil). Can transition to: restoring, subscribing,
        /// ended.
        case waiting(until: ContinuousClock.Instant?)
        /// Its own queue is declared again first, with what that needs. Can transition to: waiting, ended.
        case restoring
        /// `basic.consume` is under way. Can transition to: active, waiting, cancelling, ended.
        case subscribing(ChannelGeneration)
        /// Deliveries come. Can transition to: waiting, cancelling, ended.
        case active(ChannelGeneration)
        /// `basic.cancel` is under way; its channel then lives until its deliveries are settled. Can transition to: ended.
        case cancelling(ChannelGeneration)
        /// Nothing more comes.
        case ended
    }

    /// What the shell does next.
    enum Action: Equatable {
        case subscribe
        /// Declare the consumer's own part of the topology again, then report `restored`.
        case restoreTopology
        case sendCancel(ChannelGeneration)
        case closeWhenSettled(ChannelGeneration)
        case close(ChannelGeneration)
        case end
    }

    private(set) var state: State = .waiting(until: nil)
    private var isTopologySuspect = false
    private var schedule: ReconnectSchedule

    /// A consumer that is not subscribed yet.
    init(retryDelay: ClosedRange<Duration>) {
        schedule = ReconnectSchedule(retryDelay)
    }

    /// When something is to be done without any event, or nil.
    var retryAt: ContinuousClock.Instant? {
        if case .waiting(let until) = state { until } else { nil }
    }

    /// There is a connection: it may be time to subscribe.
    mutating func next(now: ContinuousClock.Instant) -> Action? {
        guard case .waiting(let until) = state else { return nil }
        if let until, until > now { return nil }
        guard isTopologySuspect else { return .subscribe }
        isTopologySuspect = false
        state = .restoring
        return .restoreTopology
    }

    /// The consumer's own part of the topology is in place again, or could not be put there.
    ///
    /// Subscribing shows whether the queue is there: a refusal of something else, as of a changed exchange, must not
    /// keep a consumer from a queue that works.
    mutating func restored() -> Action? {
        guard state == .restoring else { return nil }
        state = .waiting(until: nil)
        return .subscribe
    }

    /// `basic.consume` was sent on a new channel.
    mutating func subscribing(on generation: ChannelGeneration) {
        guard case .waiting = state else { return }
        state = .subscribing(generation)
    }

    /// The broker accepted the subscription.
    mutating func subscribed(on generation: ChannelGeneration) {
        guard state == .subscribing(generation) else { return }
        state = .active(generation)
        schedule.reset()
    }

    /// The broker ended the subscription: the queue was deleted, or its node is gone.
    mutating func cancelledByBroker(
        on generation: ChannelGeneration,
        now: ContinuousClock.Instant,
        fraction: Double
    ) -> Action? {
        switch state {
        case .subscribing(generation), .active(generation):
            isTopologySuspect = true
            state = .waiting(until: now + schedule.nextDelay(fraction: fraction))
            return .closeWhenSettled(generation)
        case .cancelling(generation): return cancelled(on: generation)
        case .waiting, .restoring, .subscribing, .active, .cancelling, .ended: return nil
        }
    }

    /// The channel is gone.
    mutating func failed(
        on generation: ChannelGeneration,
        now: ContinuousClock.Instant,
        fraction: Double
    ) -> Action? {
        switch state {
        case .subscribing(let current) where current == generation, .active(let current) where current == generation:
            isTopologySuspect = true
        case .cancelling(let current) where current == generation:
            state = .ended
            return .end
        case .waiting, .restoring, .subscribing, .active, .cancelling, .ended: return nil
        }
        state = .waiting(until: now + schedule.nextDelay(fraction: fraction))
        return nil
    }

    /// The connection is gone, and every channel with it; recovery restores the topology itself.
    mutating func connectionLost() -> Action? {
        switch state {
        case .waiting, .restoring, .subscribing, .active:
            isTopologySuspect = false
            state = .waiting(until: nil)
            return nil
        case .cancelling:
            state = .ended
            return .end
        case .ended: return nil
        }
    }

    /// The user wants no more deliveries, and settles what was delivered.
    mutating func cancel() -> Action? {
        switch state {
        case .subscribing(let generation), .active(let generation):
            state = .cancelling(generation)
            return .sendCancel(generation)
        case .waiting, .restoring:
            state = .ended
            return .end
        case .cancelling, .ended: return nil
        }
    }

    /// The broker confirmed the cancellation.
    mutating func cancelled(on generation: ChannelGeneration) -> Action? {
        guard state == .cancelling(generation) else { return nil }
        state = .ended
        return .closeWhenSettled(generation)
    }

    /// The user gives back everything that is not settled.
    mutating func close() -> Action? {
        defer { state = .ended }
        switch state {
        case .subscribing(let generation), .active(let generation), .cancelling(let generation):
            return .close(generation)
        case .waiting, .restoring, .ended: return .end
        }
    }
}
