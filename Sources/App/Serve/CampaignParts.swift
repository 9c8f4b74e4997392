import Bridge
import Contracts
import SMSCore

/// Campaigns, put together from the settings.
struct CampaignParts {
    let flow: CampaignFlow
    let worker: CampaignWorker

    init(settings: Settings.Sending, wiring: Wiring, time: SweepTime) {
        flow = wiring.campaignFlow(onStep: FailPoint.hook())
        worker = CampaignWorker(
            flow: flow,
            laneLimit: settings.campaignLimit,
            replicas: wiring.replicas,
            time: time
        )
    }
}

/// What is answered about campaigns while the service stands by.
struct NoCampaignsYet: CampaignAPI {
    func send(_ order: SendOrder) async throws -> CampaignAnswer { throw NotServing() }

    func outcome(of id: CommandID, within wait: Duration) async throws -> CampaignAnswer { throw NotServing() }

    func campaign(_ id: CommandID) async throws -> CampaignEvent? { throw NotServing() }

    func cancel(_ id: CommandID) async throws -> CampaignChange { throw NotServing() }

    func pause(_ id: CommandID, _ isPaused: Bool) async throws -> CampaignChange { throw NotServing() }
}

extension Settings.Sending {
    /// How many commands of one campaign stand in the lane at most: 1,000, or 30 s of the account's rate.
    var campaignLimit: Int {
        guard case .limited(let count, let per, _) = rate, count > 0, per > .zero else { return 1000 }
        let inHalfAMinute = Double(count) * (.seconds(30) / per)
        return max(1, Int(min(inHalfAMinute, 1000)))
    }
}
