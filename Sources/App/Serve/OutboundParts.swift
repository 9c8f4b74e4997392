import Bridge
import Contracts
import SMSCore

/// The outbound path, put together from the settings.
struct OutboundParts {
    let gate: SendGate
    let flow: OutboundFlow
    let proofs: ProofPublisher
    let cancelFlow: CancelFlow

    init(settings: Settings.Sending, wiring: Wiring, sender: any SMSSender) {
        gate = SendGate(
            SlotScheduler.Configuration(
                concurrency: settings.concurrency,
                rate: settings.rate,
                senders: settings.senderRates,
                // The intent is written while the slot comes.
                lead: .milliseconds(50)
            )
        )
        flow = wiring.outboundFlow(
            sender: sender,
            gate: gate,
            slices: wiring.replicas.map {
                RateSlices(replicas: $0, account: settings.rate, senders: settings.senderRates)
            },
            onStep: FailPoint.hook()
        )
        proofs = ProofPublisher(flow: flow)
        cancelFlow = CancelFlow(of: flow)
    }
}

extension OutboundFlow.Policy {
    /// The rules of the settings, for one run.
    init(_ settings: Settings, names: BrokerNames, boot: BootID) {
        self.init(
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
