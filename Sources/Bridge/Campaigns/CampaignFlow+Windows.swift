import Contracts
import SMSCore
import Synchronization

/// How many of a campaign's commands wait for their windows, and until when.
struct WindowWaits: Hashable, Sendable {
    /// Those that wait for a window, of at most `WindowWaits.limit` that are looked at.
    var count = 0
    /// When the first of these windows opens.
    var first: Timestamp?

    /// How many commands of one campaign may wait for their windows besides those in the lane.
    static let limit = 20_000

    /// When a campaign goes on of which nothing else is in the lane; nil while there is something.
    func resumption(of campaign: CampaignRecord) -> Timestamp? {
        let inLane = campaign.counts[.handing] + campaign.counts[.handed]
        return campaign.state == .running && inLane > 0 && count >= inLane ? first : nil
    }
}

/// What was counted last of each campaign, for some seconds.
final class WindowWaitBook: Sendable {
    private struct Page {
        let version: Int64
        let at: Timestamp
        let waits: WindowWaits
    }

    /// How long a count holds where the campaign has changed since.
    private static let life: Duration = .seconds(5)
    /// How many campaigns are remembered.
    private static let capacity = 1_000

    private let pages = Mutex<[Int64: Page]>([:])

    /// The last count; nil where it is too old.
    func waits(of campaign: CampaignRecord, now: Timestamp) -> WindowWaits? {
        pages.withLock { pages in
            guard let page = pages[campaign.number], page.at <= now else { return nil }
            let isFresh = now - page.at < Self.life
            // Those whose window has opened wait no longer.
            if let first = page.waits.first, first <= now { return isFresh && page.at >= first ? page.waits : nil }
            return isFresh || (page.version == campaign.version && page.waits.count > 0) ? page.waits : nil
        }
    }

    func note(_ waits: WindowWaits, of campaign: CampaignRecord, now: Timestamp) {
        pages.withLock { pages in
            if pages.count >= Self.capacity { pages = [:] }
            pages[campaign.number] = Page(version: campaign.version, at: now, waits: waits)
        }
    }
}

extension CampaignFlow {
    private static let page = 500

    /// What of a campaign waits for windows; nothing where neither it nor the configuration has any.
    ///
    /// - Throws: `CancellationError` alone.
    func windowWaits(of campaign: CampaignRecord) async throws -> WindowWaits {
        guard campaign.terms.window != nil || policy.keepsWindows, campaign.counts[.handed] > 0 else {
            return WindowWaits()
        }
        let now = now()
        if let known = windowWaitBook.waits(of: campaign, now: now) { return known }
        var waits = WindowWaits()
        var last: CommandID?
        var seen = 0
        while seen < WindowWaits.limit + Self.page {
            let after = last
            let records = try await retrier.untilDone("list campaign", campaign.metadata) {
                try await messages.pending(ofCampaign: campaign.id.text, after: after, limit: Self.page)
            }
            for record in records {
                guard let wait = record.wait(at: now), wait.reason == .window else { continue }
                waits.count += 1
                waits.first = min(wait.until, waits.first ?? wait.until)
            }
            seen += records.count
            guard let id = records.last?.id, records.count == Self.page else { break }
            last = id
        }
        windowWaitBook.note(waits, of: campaign, now: now)
        return waits
    }
}
