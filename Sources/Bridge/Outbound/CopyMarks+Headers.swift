package import Contracts
package import SMSCore

extension CopyMarks {
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
    /// Headers that mean something to the broker when a message is published again, or that are its own account of the
    /// message's way so far.
    private static let brokerHeaders: Set<String> = ["x-death", "x-delivery-count", "x-acquired-count", "CC", "BCC"]

    /// Whether a header is not carried on when a message is published again.
    static func isBrokersOwn(_ header: String) -> Bool {
        brokerHeaders.contains(header) || header.hasPrefix("x-first-death-") || header.hasPrefix("x-last-death-")
    }

    /// Headers that tell of a copy's way through the wait queues, and mean nothing at its end.
    static let waitHeaders: Set<String> = ["sms-wait", "sms-attempt"]
    /// Headers that a letter has gained, and that mean nothing once it waits again; our marks have `sms-first-seen` anew.
    private static let letterHeaders = Set(DeadLetter.Header.allCases.map(\.rawValue))

    /// The message as it goes through a wait queue and back to its lane: body and properties kept, with our marks.
    ///
    /// The broker's own account of deliveries and dead-lettering goes, for it grows with each hop and ends in a cycle's being
    /// cut; and so do `CC` and `BCC`, which the broker takes for further routing keys, and `expiration`, which is a part of
    /// the record by now.
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
            !(BrokerMessage.isBrokersOwn(name) || BrokerMessage.letterHeaders.contains(name))
        }
        headers["sms-wait"] = .integer(Int64(number))
        headers["sms-attempt"] = .integer(Int64(record.attempts))
        headers["sms-first-seen"] = .string(record.createdAt.rfc3339)
        carrier.properties.headers = headers
        return carrier
    }
}

extension BrokerMessage.Properties {
    /// When `expiration` is over: counted from `timestamp` where there is one that does not lie ahead, else from the first
    /// sight; nil without one.
    ///
    /// `timestamp` has whole seconds. While a message is in a queue the broker keeps `expiration` by itself.
    func deadline(seenAt now: Timestamp) -> Timestamp? {
        guard let expiration, let life = Int64(expiration), (0...Self.longestLife).contains(life) else { return nil }
        var start = now
        if let timestamp, timestamp > 0, timestamp <= now.seconds {
            start = Timestamp(milliseconds: timestamp * 1000)
        }
        return start + .milliseconds(life)
    }

    /// What the broker takes for a message's `expiration` at most, in milliseconds.
    private static let longestLife: Int64 = 4_294_967_295
}
