import Bridge
package import Contracts
import SMSCore

extension DeadLetters {
    /// One dead letter, as it lies in the queue.
    package struct Letter: Sendable {
        /// Properties, headers and body; the body is empty where it is too large to be taken into memory.
        package let message: BrokerMessage
        /// The body's size in bytes, as it lies in the queue.
        package let bodySize: Int
        /// Its `message_id`, else the body's `id`, else its handle.
        package let id: String
        /// Whether the id is the handle, for want of another.
        package let isAnonymous: Bool
        /// `@` and twelve hexadecimal digits: a name that the dead letter has whether it has an id or not, and keeps.
        package let handle: String
        /// Distinguishes it from all others but its exact copies.
        package let fingerprint: Fingerprint
        package let code: String
        package let detail: String
        /// Requests made at the provider; nil where they were not counted.
        package let attempts: Int?
        package let advice: DeadLetter.Advice?
        /// When the command was first seen, RFC 3339.
        package let firstSeen: String?
        /// When it was given up, RFC 3339.
        package let lastSeen: String?
        /// The exchange it was published to before it became a dead letter; empty where that is unknown.
        package let exchange: String
        /// The routing key it was published with; empty where that is unknown.
        package let routingKey: String

        /// Reads a dead letter; one that the broker itself has put there is read by the broker's own headers.
        ///
        /// - Parameters:
        ///   - message: the dead letter.
        ///   - bodySize: its body's size in the queue, where the message does not hold it.
        package init(_ message: BrokerMessage, bodySize: Int? = nil) {
            self.message = message
            self.bodySize = bodySize ?? message.body.count
            let headers = message.properties.headers
            let death = BrokerDeath(headers)
            func text(_ header: DeadLetter.Header) -> String? { headers[header.rawValue]?.text }
            code = text(.errorCode) ?? death?.reason ?? "unknown"
            detail = text(.errorDetail) ?? death?.detail ?? "no reason is given"
            attempts = headers[DeadLetter.Header.attempts.rawValue]?.int.flatMap(Int.init(exactly:))
            // What the broker gave up can be tried again: the record says whether anything was sent.
            advice = text(.advice).flatMap(DeadLetter.Advice.init) ?? (death == nil ? nil : .replay)
            firstSeen = text(.firstSeen)
            lastSeen = text(.lastSeen) ?? death?.at?.rfc3339
            exchange = text(.originalExchange) ?? death?.exchange ?? ""
            routingKey = text(.originalRoutingKey) ?? death?.routingKey ?? ""

            let named = Self.id(in: message)
            var parts = [
                named ?? "", code, firstSeen ?? "", lastSeen ?? "", exchange, routingKey,
                "\(CopyMarks(headers).replay)",
            ]
            if self.bodySize != message.body.count { parts.append("\(self.bodySize)") }
            let digest = Digest.hex(message.body + Array(parts.map { "\u{0}" + $0 }.joined().utf8))
            fingerprint = Fingerprint(digest)
            handle = "@" + digest.prefix(12)
            isAnonymous = named == nil
            id = named ?? handle
        }

        /// Whether the body was too large to be taken into memory: no command is that large.
        package var isBodyMissing: Bool { bodySize != message.body.count }

        /// The id that the publisher gave it.
        private static func id(in message: BrokerMessage) -> String? {
            if let id = message.properties.messageID, !id.isEmpty { return id }
            // Larger ones are not parsed as commands either.
            guard message.body.count <= 4 * SendCommand.Limit.bodyBytes,
                case .object(let fields)? = try? JSONValue(parsing: message.body),
                case .string(let id)? = fields["id"]
            else { return nil }
            return id
        }
    }

    /// 128 bits of a dead letter's digest.
    package struct Fingerprint: Hashable, Sendable {
        private let high: UInt64
        private let low: UInt64

        /// The first 32 digits of a SHA-256 in hexadecimal.
        init(_ digest: String) {
            high = UInt64(digest.prefix(16), radix: 16) ?? 0
            low = UInt64(digest.dropFirst(16).prefix(16), radix: 16) ?? 0
        }

        /// The digits again.
        var digits: String {
            [high, low].map { half in
                let digits = String(half, radix: 16)
                return String(repeating: "0", count: 16 - digits.count) + digits
            }.joined()
        }
    }

    /// What the broker writes about a message that it has given up itself (`x-death`), the last time it did.
    private struct BrokerDeath {
        let reason: String
        let queue: String
        let exchange: String?
        let routingKey: String?
        let at: Timestamp?

        var detail: String { "the broker gave it up in queue '\(queue)'" }

        init?(_ headers: [String: BrokerMessage.HeaderValue]) {
            guard case .array(let deaths)? = headers["x-death"], case .table(let last)? = deaths.first,
                let reason = last["reason"]?.text
            else { return nil }
            self.reason = reason
            queue = last["queue"]?.text ?? ""
            exchange = last["exchange"]?.text
            if case .array(let keys)? = last["routing-keys"] {
                routingKey = keys.first?.text
            } else {
                routingKey = nil
            }
            // Any client can publish an `x-death`; a time outside the calendar is ignored.
            if case .timestamp(let seconds)? = last["time"], (0...253_402_300_799).contains(seconds) {
                at = Timestamp(milliseconds: seconds * 1000)
            } else {
                at = nil
            }
        }
    }
}
