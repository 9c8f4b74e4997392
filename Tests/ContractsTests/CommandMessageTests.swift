import Contracts
import Testing

@Suite("Commands as messages")
struct CommandMessageTests {
    private let now = Timestamp(milliseconds: 1_769_850_000_999)

    @Test("a command goes to the commands' exchange, by its kind")
    func kinds() {
        func route(_ kind: CommandKind) -> String {
            let message = BrokerMessage.command([], kind, names: BrokerNames(prefix: "mine"), at: now)
            return "\(message.exchange)/\(message.routingKey)"
        }
        #expect(route(.message(.send)) == "mine.commands/send")
        #expect(route(.message(.bulk)) == "mine.commands/send.bulk")
        #expect(route(.campaign) == "mine.commands/campaign")
        #expect(route(.cancel) == "mine.commands/cancel")
    }

    @Test("it has the properties of the contract, and only those that apply")
    func properties() {
        let bare = BrokerMessage.command([1], .cancel, names: BrokerNames(), at: now)
        #expect(bare.body == [1])
        #expect(
            bare.properties
                == .init(contentType: "application/json", appID: "sms-bridge", timestamp: 1_769_850_000)
        )
        let full = BrokerMessage.command(
            [1],
            .message(.send),
            names: BrokerNames(),
            origin: .commandLine,
            id: "a-1",
            correlationID: "7",
            replyTo: "answers",
            traceparent: "t",
            at: now
        )
        #expect(
            full.properties
                == .init(
                    contentType: "application/json",
                    messageID: "a-1",
                    correlationID: "7",
                    replyTo: "answers",
                    appID: "sms-bridge-cli",
                    timestamp: 1_769_850_000,
                    headers: ["traceparent": .string("t")]
                )
        )
    }
}
