import SMSCore
import Testing

@Suite("A webhook that was turned away")
struct RefusedWebhookTests {
    @Test("has a label of its own for each reason, and one more while a wrong setting may be the cause")
    func labels() {
        let labels = RefusedWebhook.allCases.map(\.label)
        #expect(labels.count == Set(labels).count)
        #expect(Set(labels).isSuperset(of: WebhookRefusal.allCases.map(\.label)))
        #expect(labels.count == WebhookRefusal.allCases.count + 8)
    }

    @Test(
        "is final where no setting can be the cause, or the settings have been proven",
        arguments: WebhookRefusal.allCases
    )
    func answer(reason: WebhookRefusal) {
        let isForgedByForm = [WebhookRefusal.signatureMalformed, .algorithmRefused].contains(reason)
        let isAlwaysPossible = [WebhookRefusal.signatureMissing, .signatureUnproven].contains(reason)
        #expect(RefusedWebhook(reason, isProven: false).answer == (isForgedByForm ? .forged : .repeatLater))
        #expect(RefusedWebhook(reason, isProven: true).answer == (isAlwaysPossible ? .repeatLater : .forged))
    }

    @Test(
        "may be genuine once one of our secrets has fitted it, or while a setting may be wrong; not without a signature"
    )
    func genuine() {
        let proven = WebhookRefusal.allCases.filter { RefusedWebhook($0, isProven: true).mayBeGenuine }
        #expect(Set(proven) == [.signatureUnproven, .bodyHashWrong, .issuerWrong, .tooOld])
        #expect(!RefusedWebhook(.signatureMissing, isProven: false).mayBeGenuine)
        #expect(RefusedWebhook(.tokenWrong, isProven: false).mayBeGenuine)
    }
}

@Suite("A webhook as it arrived")
struct UnverifiedWebhookTests {
    @Test("has a header's values in one, and none where there is no header")
    func headers() {
        let webhook = UnverifiedWebhook(
            .status,
            method: "post",
            path: "/webhooks/status",
            headers: ["content-type": ["application/json"], "x-forwarded-for": ["192.0.2.1", "192.0.2.2"]]
        )
        #expect(webhook.method == "POST")
        #expect(webhook[header: "content-type"] == "application/json")
        #expect(webhook[header: "x-forwarded-for"] == "192.0.2.1, 192.0.2.2")
        #expect(webhook[header: "authorization"] == nil)
    }
}
