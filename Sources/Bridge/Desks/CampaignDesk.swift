package import Contracts
import Dispatch
import Logging
package import SMSCore
import ServiceLifecycle
import Synchronization

/// Campaigns that come over HTTP: read, split, published (confirmed), and looked up in the store.
package final class CampaignDesk: CampaignAPI {
    /// How often the store is read while a request waits.
    private static let interval: Duration = .milliseconds(100)
    /// How long a change waits for a campaign that is on its way.
    private static let patience: Duration = .seconds(3)
    private static let page = 1000
    /// How many ids without a record are remembered.
    private static let enqueuedLimit = 1000

    private let flow: CampaignFlow
    private let publisher: any EventPublisher
    private let clock: any Clock<Duration>
    /// The campaigns enqueued lately, the newest last.
    private let enqueued = Mutex<[CommandID]>([])

    /// A desk.
    ///
    /// - Parameters:
    ///   - flow: takes the campaigns in.
    ///   - publisher: gives up early enough for a request to be answered.
    ///   - clock: what waiting runs on.
    package init(
        flow: CampaignFlow,
        publisher: any EventPublisher,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.flow = flow
        self.publisher = publisher
        self.clock = clock
    }

    package func send(_ order: SendOrder) async throws -> CampaignAnswer {
        switch await read(order) {
        case .invalid(let problems):
            return .invalid(problems)
        case .valid(let campaign):
            if try await isOther(campaign) { return .keyReused(campaign.id) }
            for part in 1...campaign.parts {
                guard await publish(campaign.body(part), .campaign, id: campaign.id, order.traceparent) else {
                    return .notTaken(campaign.id)
                }
            }
            enqueued.withLock { ids in
                ids.append(campaign.id)
                if ids.count > Self.enqueuedLimit { ids.removeFirst() }
            }
            return .pending(campaign.id)
        }
    }

    /// Sixteen MiB of JSON take time, in which they must not delay what has deadlines.
    private func read(_ order: SendOrder) async -> CampaignOrder.Reading {
        let (sender, now) = (flow.policy.defaultSender, flow.now())
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let reading = CampaignOrder.read(order.body, key: order.key, defaultSender: sender, now: now)
                continuation.resume(returning: reading)
            }
        }
    }

    package func campaign(_ id: CommandID) async throws -> CampaignEvent? {
        guard let record = try await flow.store.campaign(id) else {
            guard isEnqueued(id) else { return nil }
            return CampaignEvent(campaignID: id.text, state: CampaignState.collecting.rawValue)
        }
        var event = record.event
        if record.state == .invalid { event.error = record.error }
        let waits = flow.windowWaitBook.waits(of: record, now: flow.now())
        event.resumesAt = waits?.resumption(of: record)?.rfc3339
        return event
    }

    package func cancel(_ id: CommandID) async throws -> CampaignChange {
        if let record = try await flow.store.campaign(id), record.state.isOver { return .over(record.stateName) }
        guard let body = try? JSONBytes.encode(["campaign_id": id.text]) else { return .notTaken }
        return await publish(body, .cancel, id: nil, nil) ? .done : .notTaken
    }

    package func pause(_ id: CommandID, _ isPaused: Bool) async throws -> CampaignChange {
        guard let record = try await arrival(of: id) else { return isEnqueued(id) ? .notYet : .unknown }
        let isDone = try await flow.store.pauseCampaign(record.number, isPaused, at: flow.now())
        guard isDone else { return .over(try await flow.store.campaign(id)?.stateName ?? record.stateName) }
        flow.bell.ring()
        return .done
    }

    private func isEnqueued(_ id: CommandID) -> Bool { enqueued.withLock { $0.contains(id) } }

    /// The campaign; one that was answered 202 just now and is still in its queue is waited for.
    private func arrival(of id: CommandID) async throws -> CampaignRecord? {
        var rest = Self.patience
        while true {
            if let record = try await flow.store.campaign(id) { return record }
            guard rest > .zero, isEnqueued(id), !Task.isCancelled, !Task.isShuttingDownGracefully else { return nil }
            do { try await clock.sleep(for: Self.interval) } catch { return nil }
            rest -= Self.interval
        }
    }

    /// Whether the id is another campaign's already.
    private func isOther(_ campaign: CampaignOrder) async throws -> Bool {
        guard let record = try await flow.store.campaign(campaign.id), record.state != .invalid,
            let part = try await flow.store.part(1, of: record.number)
        else { return false }
        return part.digest != Digest.hex(campaign.body(1))
    }

    private func publish(
        _ body: [UInt8],
        _ kind: CommandKind,
        id: CommandID?,
        _ traceparent: String?
    ) async -> Bool {
        let message = BrokerMessage.command(
            body,
            kind,
            names: flow.policy.names,
            id: id?.text,
            traceparent: traceparent,
            at: flow.now()
        )
        do throws(PublishFailure) {
            try await publisher.publish(message)
            return true
        } catch {
            flow.logger.error(
                "the broker did not confirm a campaign's message",
                metadata: [BridgeLogKey.error.rawValue: "\(error)"]
            )
            return false
        }
    }

    package func outcome(of id: CommandID, within wait: Duration) async throws -> CampaignAnswer {
        var rest = wait
        while rest > .zero, !Task.isCancelled, !Task.isShuttingDownGracefully {
            if let record = try await flow.store.campaign(id), record.state.isOver {
                if record.state == .invalid { return .invalid(record.problems) }
                return .over(id, try await results(of: record))
            }
            do { try await clock.sleep(for: min(rest, Self.interval)) } catch { break }
            rest -= Self.interval
        }
        return .pending(id)
    }

    private func results(of campaign: CampaignRecord) async throws -> [CampaignResult] {
        var results: [CampaignResult] = []
        var last: Int64 = -1
        while true {
            let page = try await flow.store.recipients(of: campaign.number, after: last, limit: Self.page)
            results += page.map(CampaignResult.init)
            guard let position = page.last?.position, page.count == Self.page else { return results }
            last = position
        }
    }
}

extension CampaignResult {
    fileprivate init(_ recipient: CampaignRecipient) {
        let outcome = recipient.state.outcome
        self.init(
            to: recipient.shown,
            messageUUID: recipient.messageUUID,
            error: outcome == .accepted
                ? nil : recipient.error?.detail ?? "The message was not sent: \(recipient.state.rawValue)."
        )
    }
}
