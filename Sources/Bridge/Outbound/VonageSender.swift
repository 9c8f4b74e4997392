import Contracts
package import SMSCore
package import Vonage

/// Vonage as an `SMSSender`: our message in its words, its answers in ours.
package struct VonageSender: SMSSender {
    private let client: VonageClient

    /// A sender over a client, which the caller shuts down.
    package init(client: VonageClient) {
        self.client = client
    }

    package func send(_ sms: OutgoingSMS) async -> SubmitOutcome {
        SubmitOutcome(await client.send(VonageSMSRequest(sms)))
    }
}

extension VonageSMSRequest {
    /// Our message as the provider's client wants it.
    init(_ sms: OutgoingSMS) {
        self.init(to: sms.to.digits, from: sms.from.wire, text: sms.text, clientRef: sms.reference)
        ttl = sms.ttlSeconds
        encodingType =
            switch sms.encoding {
            case .auto: nil
            case .text: .text
            case .unicode: .unicode
            }
        entityID = sms.provider.entityID
        contentID = sms.provider.contentID
        poolID = sms.provider.poolID
        trustedRecipient = sms.provider.trustedRecipient
    }
}

extension SubmitOutcome {
    /// The provider's answer in our words.
    init(_ answer: VonageAnswer) {
        self =
            switch answer {
            case .accepted(let uuid, _): .accepted(messageUUID: uuid)
            case .throttled(let retryAfter, _): .throttled(retryAfter: retryAfter)
            case .refused(let problem): .refused(ProviderProblem(problem))
            case .accountTrouble(let problem): .accountTrouble(ProviderProblem(problem))
            case .unavailable(let why, let problem): .unavailable(reason: "\(why)", problem.map(ProviderProblem.init))
            case .uncertain(let why, let problem): .uncertain(reason: "\(why)", problem.map(ProviderProblem.init))
            }
    }
}

extension ProviderProblem {
    /// The provider's problem document as events carry it.
    init(_ problem: VonageProblem) {
        self.init(
            status: problem.status,
            type: problem.type,
            title: problem.title,
            detail: problem.detail,
            instance: problem.instance ?? problem.requestID
        )
    }
}
