import Contracts
package import SMSCore
import ServiceLifecycle
import Synchronization

/// Makes the commands of campaigns' recipients: it works from the store, so that it goes on where it was after a crash.
///
/// Each campaign in turn gets one step, some of them side by side. A recipient leaves `waiting` before its command is
/// published, and is noted as handed after the confirm; after a crash in between it is published again under the same id,
/// which is harmless.
package final class CampaignWorker: Service {
    /// How many commands or events one step publishes.
    ///
    /// A step waits for two commits, whatever its size.
    static let slice = 500
    /// How many campaigns take their steps side by side, and so share commits.
    private static let width = 8

    let flow: CampaignFlow
    private let laneLimit: Int
    private let replicas: (any ReplicaStore)?
    private let clock: any Clock<Duration>
    let watch: Stopwatch
    /// The time by which waits of earlier runs end; it does not run ahead of the time that passes.
    let soundNow: @Sendable () -> Timestamp?
    let memory = Mutex(Memory())

    /// What a progress event is about: the counts of a version, and when the campaign goes on.
    struct Progress: Hashable {
        let version: Int64
        let resumesAt: Timestamp?
    }

    /// What is not kept over a restart.
    struct Memory {
        /// The last progress that was published, by campaign.
        var published: [Int64: Progress] = [:]
        var notedAt: [Int64: Timestamp] = [:]
        /// When a campaign was first seen to collect, by the worker's own clock.
        var collectingSince: [Int64: Duration] = [:]
        /// When a campaign was last searched for lost commands, by the worker's own clock.
        var searchedAt: [Int64: Duration] = [:]
        /// Until when this process has a campaign to itself, by the worker's own clock.
        var claimedUntil: [Int64: Duration] = [:]
    }

    /// A worker.
    ///
    /// - Parameters:
    ///   - flow: takes the campaigns in.
    ///   - laneLimit: how many commands of one campaign are in the lane at most.
    ///   - replicas: the other processes that work on the store's campaigns; nil where there are none.
    ///   - clock: what its pauses run on.
    ///   - time: decides what is old; nil for the flow's own time.
    package init(
        flow: CampaignFlow,
        laneLimit: Int,
        replicas: (any ReplicaStore)? = nil,
        clock: any Clock<Duration> = ContinuousClock(),
        time: SweepTime? = nil
    ) {
        self.flow = flow
        self.replicas = replicas
        self.laneLimit = laneLimit
        self.clock = clock
        watch = Stopwatch(clock)
        soundNow = { [now = flow.parts.now] in
            guard let time else { return now() }
            return time.moment
        }
    }

    /// What is left to do after each campaign had its turn.
    package enum Standing: Hashable, Sendable {
        /// There is more to do at once.
        case busy
        /// Campaigns are under way, and there is nothing to do for them now.
        case watching
        /// There is no campaign.
        case idle
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            // Nothing but the end of the service is thrown.
            while !Task.isCancelled, let standing = try? await self.round() { await self.pause(standing) }
        }
    }

    /// Does one step for each campaign.
    ///
    /// - Throws: `CancellationError` alone, and what a test's hook throws.
    package func round() async throws -> Standing {
        let campaigns = try await retrier.untilDone("list campaigns") { try await store.openCampaigns() }
        return try await withThrowingTaskGroup(of: Bool.self) { group in
            var standing = campaigns.isEmpty ? Standing.idle : .watching
            for (position, campaign) in campaigns.enumerated() {
                if position >= Self.width, try await group.next() == true { standing = .busy }
                group.addTask { try await self.isOurs(campaign) ? try await self.advance(campaign) : false }
            }
            for try await hasMore in group where hasMore { standing = .busy }
            return standing
        }
    }

    /// How long a campaign belongs to the process that works on it, unless it goes on.
    private static let claimLength: Duration = .seconds(15)

    /// Whether this process works on a campaign, and no other.
    ///
    /// One that is frozen longer than its claim may go on with a step that another has begun: the commands have the same
    /// ids, so no message is sent twice.
    private func isOurs(_ campaign: CampaignRecord) async throws -> Bool {
        guard let replicas else { return true }
        let now = watch.elapsed()
        let until = memory.withLock { $0.claimedUntil[campaign.number] }
        if let until, until - now > Self.claimLength / 2 { return true }
        let isOurs = try await retrier.untilDone("claim campaign", campaign.metadata) {
            try await replicas.claim("campaign \(campaign.number)", for: Self.claimLength)
        }
        memory.withLock { $0.claimedUntil[campaign.number] = isOurs ? now + Self.claimLength : nil }
        return isOurs
    }

    var store: any CampaignStore { flow.store }
    var retrier: Retrier { flow.retrier }

    private func pause(_ standing: Standing) async {
        let limit: Duration
        switch standing {
        case .busy: return
        case .watching: limit = .milliseconds(200)
        case .idle: limit = .seconds(1)
        }
        await withTaskGroup { group in
            group.addTask { [flow] in try? await flow.bell.wait() }
            group.addTask { [clock] in try? await clock.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }

    // MARK: - A campaign's step

    /// Does the next thing for a campaign; returns whether there is more to do at once.
    private func advance(_ campaign: CampaignRecord) async throws -> Bool {
        let counts = campaign.counts
        if campaign.state == .collecting { return try await giveUp(campaign) }
        if !campaign.isStartPublished {
            try await publish(.started, of: campaign)
            return true
        }
        if counts.unpublished > 0 { return try await publishOwnOutcomes(of: campaign) }
        if counts[.handing] > 0 {
            let left = try await retrier.untilDone("list recipients", campaign.metadata) {
                try await store.handingRecipients(of: campaign.number, limit: Self.slice)
            }
            try await handOver(left, of: campaign)
            return true
        }
        if campaign.state == .cancelling, counts.open > 0 { try await renewNote(of: campaign) }
        if counts[.waiting] > 0, let outcome = campaign.ownOutcome(at: flow.now()) {
            try await settleWaiting(of: campaign, as: outcome)
            return true
        }
        if counts.open == 0 {
            try await complete(campaign)
            return true
        }
        if try await endLost(of: campaign) { return true }
        let waits = try await flow.windowWaits(of: campaign)
        let resumesAt = waits.resumption(of: campaign)
        if isProgressDue(campaign, resumesAt: resumesAt) {
            try await publish(.progress, of: campaign, resumesAt: resumesAt)
        }
        return try await topUp(campaign, waits)
    }

    /// Ends a campaign whose parts did not all come in time.
    private func giveUp(_ campaign: CampaignRecord) async throws -> Bool {
        guard isOverdue(campaign) else { return false }
        return try await flow.locks.withLock(campaign.id) { _ in
            let closed = try await retrier.untilDone("count parts", campaign.metadata) {
                try await store.closedParts(of: campaign.number)
            }
            // The last part is being handled; its delivery starts the campaign.
            guard closed < campaign.parts else { return false }
            let problem = campaign.lacking(closed: closed)
            try await retrier.untilDone("note problem", campaign.metadata) {
                try await store.addProblem(problem, to: campaign.number, at: flow.now())
            }
            let late = try await retrier.untilDone("look up campaign", campaign.metadata) {
                try await store.campaign(campaign.id)
            }
            guard let late, late.number == campaign.number, late.state == .collecting else { return false }
            try await flow.refuse(late)
            return true
        }
    }

    /// Whether a campaign has been collecting for too long: by the store's time, or by this process's own clock.
    ///
    /// A wall clock that is ahead for a while ends no wait, and a wait that began under it is not longer by the jump.
    private func isOverdue(_ campaign: CampaignRecord) -> Bool {
        let now = watch.elapsed()
        let since = memory.withLock { memory in
            let since = memory.collectingSince[campaign.number] ?? now
            memory.collectingSince[campaign.number] = since
            return since
        }
        let limit = CampaignCommand.Limit.collecting
        return now - since > limit || soundNow().map { $0 - campaign.createdAt > limit } ?? false
    }

    /// Takes more recipients, as long as the commands in the lane are few enough; those that wait for their windows do not
    /// keep others out, whose windows may be open.
    private func topUp(_ campaign: CampaignRecord, _ waits: WindowWaits) async throws -> Bool {
        let counts = campaign.counts
        let room = laneLimit - counts[.handing] - counts[.handed] + min(waits.count, WindowWaits.limit)
        // Half of what the lane holds at most, so that it is not empty when the next come.
        let wanted = min(Self.slice, counts[.waiting], max(laneLimit / 2, 1))
        guard campaign.state == .running, !campaign.isPaused, wanted > 0, room >= wanted,
            campaign.terms.sendAt ?? flow.now() <= flow.now()
        else { return false }
        let claimed = try await retrier.untilDone("claim recipients", campaign.metadata) {
            try await store.claimRecipients(of: campaign.number, limit: wanted, at: flow.now())
        }
        try flow.passed(.recipientsClaimed)
        try await handOver(claimed, of: campaign)
        return true
    }

    /// Publishes recipients' commands, and notes that they are in the lane.
    private func handOver(_ recipients: [CampaignRecipient], of campaign: CampaignRecord) async throws {
        let plan = CampaignPlan(campaign.terms)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for recipient in recipients {
                guard let message = try command(to: recipient, of: campaign, plan) else { continue }
                group.addTask { [outlet = flow.parts.outlet] in
                    try await outlet.publish(message, step: "publish command", campaign.metadata)
                }
            }
            try await group.waitForAll()
        }
        try flow.passed(.commandsPublished)
        try await retrier.untilDone("note handed", campaign.metadata) {
            try await store.noteHanded(recipients.map(\.position), of: campaign.number, at: flow.now())
        }
        try flow.passed(.recipientsHanded)
    }

    private func command(
        to recipient: CampaignRecipient,
        of campaign: CampaignRecord,
        _ plan: CampaignPlan
    ) throws -> BrokerMessage? {
        guard let number = recipient.number else { return nil }
        var message = BrokerMessage.command(
            try plan.body(campaign: campaign.id, to: number, values: recipient.values),
            .message(.bulk),
            names: flow.policy.names,
            id: CommandID.ofCampaign(campaign.id, recipient: recipient.key).text,
            traceparent: campaign.traceparent,
            at: flow.now()
        )
        // Names the campaign where the body cannot be read.
        message.properties.headers[CampaignLedger.header] = .string(campaign.id.text)
        return message
    }
}

extension CampaignRecord {
    /// The outcome of waiting recipients that do not become commands; nil while they still may.
    fileprivate func ownOutcome(at now: Timestamp) -> Outcome? {
        if state == .cancelling { return .cancelled }
        guard let expiresAt = terms.expiresAt, expiresAt <= now else { return nil }
        return .expired
    }
}
