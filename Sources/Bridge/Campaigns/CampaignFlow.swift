import Contracts
import Logging
import SMSCore

/// The path of a campaign's message, from the queue to the ack.
///
/// decode → look up → note the part → write its recipients, some at a time → close the part → start, or refuse, once
/// all are there → ack. `CampaignWorker` goes on from the store. A redelivered message goes on where its part was left.
package struct CampaignFlow: Sendable {
    let parts: Parts
    let policy: Policy
    let publisher: CampaignPublisher
    let poison: PoisonWatch
    let proofs = AckProofs()
    /// Messages of one campaign are handled one after the other, and none while the worker ends it.
    let locks = KeyedLocks<CommandID>()
    /// Wakes the worker when there is something for it.
    let bell = Doorbell()
    let windowWaitBook = WindowWaitBook()

    /// Handles one message, to its ack.
    ///
    /// - Throws: `CancellationError` when the service stops first; the message is then neither acked nor given back.
    package func handle(_ delivery: CommandDelivery) async throws {
        proofs.begin(delivery)
        try await poison.watch(delivery) { watched in
            let envelope = try await watched.marked {
                try await CampaignEnvelope.open(delivery, policy: policy, now: now(), anonymousID: claimID)
            }
            switch envelope {
            case .unidentified(let problems):
                try await deadLetter(delivery, .invalid, problems.sentence)
            case .part(let part):
                try await locks.withLock(part.id) { _ in try await watched.marked { try await take(part) } }
                bell.ring()
                if await delivery.ack(), part.isAnonymous {
                    let proved = proofs.acked(part.id, by: delivery)
                    try await retrier.untilDone("note ack") {
                        try await messages.noteAnonymousAck(of: part.id, proved: proved, at: now())
                    }
                }
            }
        } park: { times in
            try await deadLetter(delivery, .poison, "its handling was begun \(times) times and never ended")
        }
    }

    private func claimID(_ digest: String, _ delivery: CommandDelivery) async throws -> CommandID {
        let fresh = CommandID.random()
        return try await retrier.untilDone("claim id") {
            try await messages.claimAnonymousID(
                digest: digest,
                isRedelivered: delivery.isRedelivered,
                holder: "\(policy.boot.text)/\(delivery.connection)",
                fresh: fresh,
                now: now()
            )
        }
    }

    // MARK: - The steps

    private func take(_ part: CampaignPart) async throws {
        while true {
            guard let campaign = try await look(part.id) else {
                try await open(part)
                continue
            }
            let progress = try await retrier.untilDone("look up part", campaign.metadata) {
                try await store.part(part.number, of: campaign.number)
            }
            let isSame = progress?.digest == part.digest
            if campaign.yields(toTermsDigest: part.termsDigest, isSamePart: isSame, replay: part.replay) {
                try await open(part)
                continue
            }
            guard campaign.state == .collecting else {
                if !isSame { reportReuse(campaign) }
                return try await join(part, campaign, isReused: !isSame)
            }
            try await write(part, into: campaign)
            return try await conclude(part.id)
        }
    }

    private func look(_ id: CommandID) async throws -> CampaignRecord? {
        try await retrier.untilDone("look up campaign") { try await store.campaign(id) }
    }

    private func open(_ part: CampaignPart) async throws {
        _ = try await retrier.untilDone("open campaign") { try await store.openCampaign(part.campaign(now: now())) }
        try passed(.campaignOpened)
    }

    /// How many recipients one write takes.
    private static let chunk = 500

    /// Writes the recipients of a part that are not written yet, and closes it.
    private func write(_ part: CampaignPart, into campaign: CampaignRecord) async throws {
        let number = campaign.number
        guard part.number <= campaign.parts else {
            return try await retrier.untilDone("note problem", campaign.metadata) {
                try await store.addProblem(part.stray(in: campaign), to: number, at: now())
            }
        }
        var progress = try await retrier.untilDone("open part", campaign.metadata) {
            try await store.openPart(part.number, digest: part.digest, of: number)
        }
        try passed(.partOpened)
        guard progress.digest == part.digest else {
            reportReuse(campaign)
            return try await note(part, campaign, isReused: true)
        }
        try await note(part, campaign, isReused: false)
        guard !progress.isClosed else { return }
        var problems = part.problems
        if part.termsDigest != campaign.termsDigest { problems.add([part.stray(in: campaign)]) }
        if problems.isEmpty {
            let plan = CampaignPlan(campaign.terms)
            while progress.position < part.recipients.count {
                let next = part.recipients[progress.position...].prefix(Self.chunk).map(plan.entry)
                let position = progress.position
                _ = try await retrier.untilDone("write recipients", campaign.metadata) {
                    try await store.addRecipients(next, toPart: part.number, of: number, from: position)
                }
                try passed(.recipientsAdded)
                progress = try await retrier.untilDone("look up part", campaign.metadata) {
                    try await store.openPart(part.number, digest: part.digest, of: number)
                }
            }
        } else {
            try await parts.outlet.deadLetter(
                part.message,
                DeadLetterReason(
                    .invalid,
                    problems.listed.sentence,
                    firstSeen: campaign.createdAt,
                    lastSeen: now()
                )
            )
        }
        try await retrier.untilDone("close part", campaign.metadata) {
            try await store.closePart(part.number, problems: problems, of: number, at: now())
        }
        try passed(.partClosed)
    }

    /// Starts a campaign of which all parts are there, or publishes what is wrong with it.
    private func conclude(_ id: CommandID) async throws {
        guard let campaign = try await look(id), campaign.state == .collecting else { return }
        let closed = try await retrier.untilDone("count parts", campaign.metadata) {
            try await store.closedParts(of: campaign.number)
        }
        guard closed >= campaign.parts else { return }
        guard campaign.problems.isEmpty else { return try await refuse(campaign) }
        try await retrier.untilDone("start campaign", campaign.metadata) {
            try await store.startCampaign(campaign.number, at: now())
        }
        try passed(.campaignStarted)
    }

    /// Publishes that a campaign is invalid, and ends it.
    func refuse(_ campaign: CampaignRecord) async throws {
        try await publisher.publishInvalid(campaign)
        try passed(.endPublished)
        try await end(campaign, as: .invalid)
        logger.notice(
            "a campaign is invalid, and nothing of it is sent",
            metadata: campaign.metadata.merging(
                [BridgeLogKey.problems.rawValue: .stringConvertible(campaign.problems.count)]
            ) { $1 }
        )
    }

    /// Sends the replies that are due at a campaign's end, and notes the end.
    func end(_ campaign: CampaignRecord, as state: CampaignState) async throws {
        let replies = try await retrier.untilDone("look up replies", campaign.metadata) {
            try await store.replies(of: campaign.number)
        }
        for reply in replies { await publisher.reply(reply, with: campaign) }
        let last = [now(), campaign.terms.sendAt, campaign.terms.expiresAt].compactMap(\.self).max() ?? now()
        try await retrier.untilDone("end campaign", campaign.metadata) {
            try await store.endCampaign(
                campaign.number,
                as: state,
                at: campaign.updatedAt,
                keepUntil: last + policy.retention
            )
        }
        try passed(.endNoted)
    }
}
