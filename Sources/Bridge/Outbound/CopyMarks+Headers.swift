package import Contracts
package import SMSCore

extension CopyMarks {
    /// The marks in a message's headers; those of a copy from outside where there are none.
    ///
    /// A copy that was moved back from the dead letters, by a shovel or by hand, comes from outside, whatever queues it
    /// was in before.
    package init(_ headers: [String: BrokerMessage.HeaderValue]) {
        let isDeadLetter = headers[DeadLetter.Header.errorCode.rawValue] != nil
        self.init(
            wait: isDeadLetter ? 0 : headers["sms-wait"]?.count ?? 0,
            attempts: isDeadLetter ? 0 : headers["sms-attempt"]?.count ?? 0,
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
    /// Headers that mean something to the broker when a message is published again, or in which it counts deliveries
    /// and dead-lettering.
    private static let brokerHeaders: Set<String> = ["x-death", "x-delivery-count", "x-acquired-count", "CC", "BCC"]

    /// Whether a header is not carried on when a message is published again.
    static func isBrokersOwn(_ header: String) -> Bool {
        brokerHeaders.contains(header) || header.hasPrefix("x-first-death-") || header.hasPrefix("x-last-death-")
    }

    /// Headers of a copy's way through the wait queues, which mean nothing at its end.
    static let waitHeaders: Set<String> = ["sms-wait", "sms-attempt"]
    /// Headers of a dead letter, which mean nothing once it waits again; the copy's marks set `sms-first-seen` again.
    private static let deadLetterHeaders = Set(DeadLetter.Header.allCases.map(\.rawValue))

    /// The message as it goes through a wait queue and back to its lane: body and properties kept, with the new marks.
    ///
    /// The broker's own headers about deliveries and dead-lettering are removed, because they grow with each hop and in
    /// the end the broker takes the hops for a cycle and drops the message; and so are `CC` and `BCC`, which the broker
    /// takes for further routing keys, and `expiration`, which is in the record by now.
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
        carrier.properties.expiration = nil
        var headers = properties.headers.filter { name, _ in
            !(BrokerMessage.isBrokersOwn(name) || BrokerMessage.deadLetterHeaders.contains(name))
        }
        headers["sms-wait"] = .integer(Int64(number))
        headers["sms-attempt"] = .integer(Int64(record.attempts))
        headers["sms-first-seen"] = .string(record.createdAt.rfc3339)
        carrier.properties.headers = headers
        return carrier
    }
}

extension BrokerMessage.Properties {
    /// When `expiration` is over: counted from `timestamp` where there is one that is not in the future, else from the
    /// first sight; nil without one.
    ///
    /// `timestamp` has whole seconds. While a message is in a queue the broker itself observes `expiration`.
    func deadline(seenAt now: Timestamp) -> Timestamp? {
        guard let expiration, let life = Int64(expiration), (0...Self.longestLife).contains(life) else { return nil }
        var start = now
        if let timestamp, timestamp > 0, timestamp <= now.seconds {
            start = Timestamp(milliseconds: timestamp * 1000)
        }
        return start + .milliseconds(life)
    }

    /// The longest `expiration` that the broker accepts, in milliseconds.
    private static let longestLife: Int64 = 4_294_967_295
}
