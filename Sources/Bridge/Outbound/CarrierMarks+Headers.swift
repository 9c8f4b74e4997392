package import Contracts
package import SMSCore

extension CarrierMarks {
    /// The marks in a message's headers; those of a copy from outside where there are none.
    ///
    /// A copy that was moved back from the dead letters, by a shovel or by hand, comes from outside, whatever way it went
    /// before.
    package init(_ headers: [String: BrokerMessage.HeaderValue]) {
        let isLetter = headers[DeadLetter.Header.errorCode.rawValue] != nil
        self.init(
            wait: isLetter ? 0 : headers["sms-wait"]?.count ?? 0,
            attempts: isLetter ? 0 : headers["sms-attempt"]?.count ?? 0,
            firstSeen: headers["sms-first-seen"]?.text.flatMap(Timestamp.init(rfc3339:)),
            replay: headers["sms-replay"]?.count ?? 0,
            isForced: headers["sms-force"] == .bool(true) || headers["sms-force"]?.text == "true"
        )
    }
}

extension BrokerMessage.HeaderValue {
    /// A number that is not negative, also where a client has written it as a string.
    fileprivate var count: Int? {
        (int ?? text.flatMap { Int64($0) }).flatMap(Int.init(exactly:)).map { max(0, $0) }
    }
}

extension BrokerMessage {
    /// Headers that mean something to the broker when a message is published again.
    static let brokerHeaders: Set<String> = ["x-death", "CC", "BCC"]
    /// Headers that tell of a copy's way through the wait queues, and mean nothing at its end.
    static let waitHeaders: Set<String> = ["sms-wait", "sms-attempt"]
    /// Headers that a letter has gained, and that mean nothing once it waits again; our marks have `sms-first-seen` anew.
    private static let letterHeaders = Set(DeadLetter.Header.allCases.map(\.rawValue))

    /// The message as it goes through a wait queue and back to its lane: body and properties kept, with our marks.
    ///
    /// The broker's own account of dead-lettering goes, for it grows with each hop and ends in a cycle's being cut; and so
    /// do `CC` and `BCC`, which the broker takes for further routing keys.
    ///
    /// - Parameters:
    ///   - exchange: the wait level's.
    ///   - record: the command's record.
    ///   - lane: where it comes back to.
    ///   - number: of this way through the wait queues.
    /// - Returns: the message to publish.
    func carrier(to exchange: String, of record: MessageRecord, lane: Lane, number: Int) -> BrokerMessage {
        var carrier = self
        carrier.exchange = exchange
        carrier.routingKey = lane.routingKey
        carrier.properties.messageID = record.id.text
        var headers = properties.headers.filter { name, _ in
            !(BrokerMessage.brokerHeaders.contains(name) || BrokerMessage.letterHeaders.contains(name)
                || name.hasPrefix("x-first-death-") || name.hasPrefix("x-last-death-"))
        }
        headers["sms-wait"] = .integer(Int64(number))
        headers["sms-attempt"] = .integer(Int64(record.attempts))
        headers["sms-first-seen"] = .string(record.createdAt.rfc3339)
        carrier.properties.headers = headers
        return carrier
    }
}
