import Contracts
package import SMSCore

extension MessageRecord {
    /// Whether a record names a number; an older version may have written it with its trunk zero.
    package func names(_ number: String) -> Bool {
        guard let written = facts.to, written != number else { return facts.to == number }
        return written.suffix(4) == number.suffix(4) && PhoneNumber(written)?.e164 == number
    }

    /// The record with nothing of the person it was sent to, or of what the caller said about it.
    package var withoutPerson: MessageRecord {
        var record = self
        var facts = MessageFacts()
        facts.from = self.facts.from
        facts.campaignID = self.facts.campaignID
        facts.segments = self.facts.segments
        facts.encoding = self.facts.encoding
        facts.sendAt = self.facts.sendAt
        facts.expiresAt = self.facts.expiresAt
        record.facts = facts
        record.history = history.withoutDetails
        if let settlement {
            record.state = .settled(
                Settlement(
                    outcome: settlement.outcome,
                    messageUUID: settlement.messageUUID,
                    // The provider's own words and our sentence may name the number.
                    error: settlement.error.map { EventError($0.code, detail: $0.code.title) },
                    at: settlement.at
                )
            )
        }
        return record
    }
}
