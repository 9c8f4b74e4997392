package import Bridge
import Contracts

extension DeadLetters.Letter {
    /// The dead letter as a list shows it.
    package var listing: DeadLetterView {
        var view = DeadLetterView(
            id: id,
            handle: handle,
            code: code,
            detail: detail,
            exchange: exchange,
            routingKey: routingKey
        )
        view.attempts = attempts
        view.advice = advice?.rawValue
        view.firstSeen = firstSeen
        view.lastSeen = lastSeen
        return view
    }
}

extension DeadLetters.Letter {
    /// Everything about a dead letter, as JSON; the body, which holds a number and a text, only where it is asked for.
    package struct Account: Encodable, Sendable {
        private let listing: DeadLetterView
        private let properties: [String: JSONValue]
        private let headers: [String: JSONValue]
        private let bodyBytes: Int
        private let body: String?
        /// In hexadecimal, where the body is not UTF-8.
        private let bodyHex: String?

        fileprivate init(_ deadLetter: DeadLetters.Letter, withBody: Bool) {
            listing = deadLetter.listing
            properties = deadLetter.message.properties.named
            headers = deadLetter.message.properties.headers.mapValues(JSONValue.init)
            let bytes = deadLetter.message.body
            bodyBytes = deadLetter.bodySize
            let isShown = withBody && !deadLetter.isBodyMissing
            body = isShown ? String(validating: bytes, as: UTF8.self) : nil
            bodyHex = isShown && body == nil ? bytes.hexadecimal : nil
        }

        package func encode(to encoder: any Encoder) throws {
            try listing.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(properties, forKey: .properties)
            try container.encode(headers, forKey: .headers)
            try container.encode(bodyBytes, forKey: .bodyBytes)
            try container.encodeIfPresent(body, forKey: .body)
            try container.encodeIfPresent(bodyHex, forKey: .bodyHex)
        }

        private enum CodingKeys: String, CodingKey {
            case properties, headers, body
            case bodyBytes = "body_bytes"
            case bodyHex = "body_hex"
        }
    }

    /// All there is to a dead letter.
    package func account(withBody: Bool) -> Account { Account(self, withBody: withBody) }

    /// The same for people, a line for each thing.
    ///
    /// - Parameter withBody: whether the body, which holds a number and a text, is shown.
    /// - Returns: lines without line breaks in them, but for the body.
    package func lines(withBody: Bool) -> [String] {
        let summary: [(String, String?)] = [
            ("id", id), ("handle", handle), ("code", code), ("detail", detail), ("attempts", attempts.map { "\($0)" }),
            ("advice", advice?.rawValue), ("first seen", firstSeen), ("last seen", lastSeen),
            ("exchange", exchange), ("routing key", routingKey),
        ]
        var lines = summary.compactMap { name, value in value.map { "\(name): \(DeadLetters.Table.printable($0))" } }
        func list(_ title: String, _ values: [String: JSONValue]) {
            guard !values.isEmpty else { return }
            lines.append(title + ":")
            for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                lines.append("  " + DeadLetters.Table.printable("\(name): \(value.plain)"))
            }
        }
        list("properties", message.properties.named)
        list("headers", message.properties.headers.mapValues(JSONValue.init))
        let size = "\(bodySize) bytes"
        if isBodyMissing { return lines + ["body: \(size), too large to be shown"] }
        guard withBody else { return lines + ["body: \(size), shown with --body"] }
        let body = String(validating: message.body, as: UTF8.self)
        return lines + ["body: \(size)", body.map(Self.withoutControls) ?? message.body.hexadecimal]
    }

    /// A body's line breaks and tabs may stay.
    private static func withoutControls(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
            .map { $0.map { DeadLetters.Table.printable(String($0)) }.joined(separator: "\t") }
            .joined(separator: "\n")
    }
}

extension BrokerMessage.Properties {
    /// Those that are there, under AMQP's names.
    fileprivate var named: [String: JSONValue] {
        let texts = [
            "content_type": contentType, "content_encoding": contentEncoding, "message_id": messageID,
            "correlation_id": correlationID, "reply_to": replyTo, "type": type, "app_id": appID,
            "expiration": expiration,
        ]
        var values = texts.compactMapValues { $0.map(JSONValue.string) }
        values["priority"] = priority.map { .integer(Int64($0)) }
        values["timestamp"] = timestamp.map { .integer($0) }
        return values
    }
}

extension JSONValue {
    fileprivate init(_ value: BrokerMessage.HeaderValue) {
        self =
            switch value {
            case .string(let text): .string(text)
            case .integer(let number), .narrow(let number, _): .integer(number)
            case .unsigned(let number): Int64(exactly: number).map(JSONValue.integer) ?? .string("\(number)")
            case .bool(let flag): .bool(flag)
            case .float(let number): JSONNumber(Double(number)).map(JSONValue.number) ?? .string("\(number)")
            case .double(let number): JSONNumber(number).map(JSONValue.number) ?? .string("\(number)")
            case .decimal(let scale, let digits): .string("\(digits)e-\(scale)")
            case .bytes(let bytes): .string(bytes.hexadecimal)
            case .timestamp(let seconds):
                // Of the years that RFC 3339 can write; any client can publish others.
                (0...253_402_300_799).contains(seconds)
                    ? .string(Timestamp(milliseconds: seconds * 1000).rfc3339) : .integer(seconds)
            case .array(let values): .array(values.map(JSONValue.init))
            case .table(let table): .object(table.mapValues(JSONValue.init))
            case .null: .null
            }
    }

    /// A text as it is, everything else as JSON.
    fileprivate var plain: String {
        if case .string(let text) = self { return text }
        return String(decoding: JSONBytes.encode(self), as: UTF8.self)
    }
}

extension [UInt8] {
    fileprivate var hexadecimal: String {
        map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
