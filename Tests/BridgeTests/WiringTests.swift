import Bridge
import Contracts
import SMSCore
import TestSupport
import Testing

@Suite("The wiring of the flows", .timeLimit(.minutes(3)))
struct WiringTests {
    private func receive(by bench: Bench) async -> WebhookAnswer {
        let reader = ScriptedReader()
        let report = ReceiptReport(
            messageUUID: "u-1",
            to: "14155550100",
            from: "14155550199",
            status: "delivered",
            providerStatus: "delivered"
        )
        return await bench.wiring.webhookFlow(
            reader: reader,
            keywords: OptOutKeywords(stop: ["STOP"], start: ["START"])
        )
        .receive(reader.webhook(saying: .receipt(report), .status))
    }

    @Test("gives the webhooks of one message the lock that the other processes share")
    func locks() async {
        let replicas = FakeReplicas()
        let bench = Bench(replicas: replicas)
        _ = await receive(by: bench)
        #expect(replicas.locks.all == ["u-1"])
        #expect(bench.publisher.routes == ["sms.status/delivered.14155550199"])
    }

    @Test("needs no such lock where one process has the store to itself")
    func alone() async {
        let bench = Bench()
        _ = await receive(by: bench)
        #expect(bench.publisher.routes == ["sms.status/delivered.14155550199"])
    }
}
