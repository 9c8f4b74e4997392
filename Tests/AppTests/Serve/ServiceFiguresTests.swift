import Contracts
import SMSCore
import TestSupport
import Testing

@testable import App

@Suite("Figures that are read at each scrape")
struct ServiceFiguresTests {
    private func campaign(_ change: (inout CampaignRecord) -> Void) -> CampaignRecord {
        var campaign = CampaignRecord(
            id: Samples.id("c-1"),
            terms: CampaignTerms(),
            parts: 1,
            now: Samples.moment
        )
        campaign.state = .running
        change(&campaign)
        return campaign
    }

    @Test("a campaign stands still since its last change, unless it is paused, collects, or has not begun")
    func idle() {
        let later = Samples.moment + .seconds(600)
        #expect(campaign { _ in }.idleTime(at: later) == .seconds(600))
        #expect(campaign { $0.updatedAt = later }.idleTime(at: later) == .zero)
        #expect(campaign { $0.isPaused = true }.idleTime(at: later) == .zero)
        #expect(campaign { $0.state = .collecting }.idleTime(at: later) == .zero)
        #expect(campaign { $0.terms.sendAt = later + .seconds(60) }.idleTime(at: later) == .zero)
        #expect(campaign { $0.terms.sendAt = later - .seconds(60) }.idleTime(at: later) == .seconds(60))
        // A clock that was set back.
        #expect(campaign { _ in }.idleTime(at: Samples.moment - .seconds(5)) == .zero)
    }

    @Test("a file system says how much room it has, also before the file is there")
    func disk() throws {
        let space = try #require(DiskSpace.ofFile("/tmp/no-such-file-\(UInt32.random(in: 0 ... .max)).db"))
        #expect(space.size > 0)
        #expect((0...space.size).contains(space.free))
        #expect(DiskSpace.ofFile("/no/such/folder/store.db") == nil)
    }
}
