import Bridge
import Contracts
import Logging
import SMSCore
import StoreSQLite

/// The outbound path, put together from the settings.
struct OutboundParts {
    let gate: SendGate
    let flow: OutboundFlow
    let proofs: ProofPublisher
    let cancelFlow: CancelFlow

    init(
        settings: Settings,
        names: BrokerNames,
        store: SQLiteStore,
        sender: any SMSSender,
        outlet: Outlet,
        campaigns: CampaignLedger,
        boot: BootID,
        retrier: Retrier,
        traces: (any TraceSink)? = nil,
        logger: Logger
    ) {
        gate = SendGate(
            SlotScheduler.Configuration(
                concurrency: settings.sending.concurrency,
                rate: settings.sending.rate,
                senders: settings.sending.senderRates,
                // The intent is written while the slot comes.
                lead: .milliseconds(50)
            )
        )
        flow = OutboundFlow(
            OutboundFlow.Parts(
                store: store,
                listener: store,
                sender: sender,
                gate: gate,
                outlet: outlet,
                campaigns: campaigns,
                retrier: retrier,
                logger: logger,
                onStep: FailPoint.hook(),
                traces: traces
            ),
            policy: OutboundFlow.Policy(
                names: names,
                defaultSender: settings.provider.defaultSender,
                decision: Decision.Policy(
                    retention: settings.store.retention,
                    uncertainWait: settings.retry.uncertainWait,
                    schedule: RetrySchedule(
                        maxAttempts: settings.retry.maxAttempts,
                        delays: settings.retry.delays,
                        maxAge: settings.retry.maxAge
                    ),
                    destinations: DestinationRules(
                        allowed: settings.destinations.allowedPrefixes,
                        denied: settings.destinations.deniedPrefixes
                    ),
                    windows: settings.sending.windows
                ),
                boot: boot,
                privacy: LogPrivacy(showsPersonalData: settings.log.showsPersonalData)
            )
        )
        proofs = ProofPublisher(flow: flow)
        cancelFlow = CancelFlow(of: flow)
    }
}

extension Settings.Sending {
    /// Commands that a lane may have delivered and not settled.
    ///
    /// Many more than can be under way: the commands of a sender with a slow rate wait here for two seconds, and must
    /// not keep the others in the broker. But no more than fit into memory with the largest bodies, unless more are to
    /// be under way at a time.
    var prefetch: Int {
        let fitting = 256 * 1024 * 1024 / Self.bodyLimitBytes
        return max(concurrency, min(max(256, 4 * concurrency), fitting))
    }

    /// The largest body of a command that is taken into memory: what is beyond four times a command's limit is not even
    /// parsed, and what is between is answered as invalid.
    static let bodyLimitBytes = 4 * SendCommand.Limit.bodyBytes
}
