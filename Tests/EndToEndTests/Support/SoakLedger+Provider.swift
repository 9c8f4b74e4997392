@testable import VonageSimulator

extension SoakLedger.Provider {
    /// What the simulator's journal says.
    init(_ history: SimulatorHistory) {
        for request in history.requests {
            answers[request.status.map { "\($0)" } ?? "no answer", default: 0] += 1
        }
        for accepted in history.messages {
            let message = accepted.message
            let command = SoakCommand.name(in: message.text) ?? message.clientRef ?? "?"
            messages[command, default: []].append(message.messageUUID)
        }
        for webhook in history.webhooks {
            let answer = webhook.answer ?? 0
            if let status = webhook.status {
                receipts["\(webhook.messageUUID)/\(status)"] = answer
            } else {
                inbound[webhook.messageUUID] = answer
            }
        }
        owed = history.debts.count + history.undeliveredInbound.count
    }
}
