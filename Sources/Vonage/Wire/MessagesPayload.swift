import FoundationEssentials

/// The JSON of the Messages API, v1 and v0.1, inbound and status in one: each member optional and of the wrong type at will.
struct MessagesPayload: Sendable, Decodable {
    /// A party: text in v1, `{type, number}` in v0.1.
    struct Party: Sendable, Decodable {
        let channel: String?
        let number: String?
        let isObject: Bool

        private enum Key: String, CodingKey { case type, number, id }

        init(from decoder: any Decoder) throws {
            if let container = try? decoder.container(keyedBy: Key.self) {
                channel = container.lenientText(.type)
                number = container.lenientText(.number) ?? container.lenientText(.id)
                isObject = true
            } else {
                channel = nil
                let text = try LenientText(from: decoder).text
                number = text?.isEmpty == true ? nil : text
                isObject = false
            }
        }
    }

    private struct SMS: Decodable {
        let countTotal: String?
        let numMessages: String?
        let keyword: String?

        private enum Key: String, CodingKey {
            case countTotal = "count_total"
            case totalCount = "total_count"
            case numMessages = "num_messages"
            case keyword
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            countTotal = container.lenientText(.countTotal) ?? container.lenientText(.totalCount)
            numMessages = container.lenientText(.numMessages)
            keyword = container.lenientText(.keyword)
        }
    }

    private struct Network: Decodable {
        let code: String?

        private enum Key: String, CodingKey { case code = "network_code" }

        init(from decoder: any Decoder) throws {
            code = try decoder.container(keyedBy: Key.self).lenientText(.code)
        }
    }

    private struct Usage: Decodable {
        let currency: String?
        let price: String?

        private enum Key: String, CodingKey { case currency, price }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            currency = container.lenientText(.currency)
            price = container.lenientText(.price)
        }
    }

    private struct Fault: Decodable {
        let type: String?
        let title: String?
        let detail: String?
        let instance: String?
        let code: String?
        let reason: String?

        private enum Key: String, CodingKey { case type, title, detail, instance, code, reason }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            type = container.lenientText(.type)
            title = container.lenientText(.title)
            detail = container.lenientText(.detail)
            instance = container.lenientText(.instance)
            code = container.lenientText(.code)
            reason = container.lenientText(.reason)
        }
    }

    private struct OldMessage: Decodable {
        struct Content: Decodable {
            let type: String?
            let text: String?

            private enum Key: String, CodingKey { case type, text }

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Key.self)
                type = container.lenientText(.type)
                text = container.lenientText(.text)
            }
        }

        let content: Content?
        let sms: SMS?

        private enum Key: String, CodingKey { case content, sms }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            content = container.lenient(.content)
            sms = container.lenient(.sms)
        }
    }

    private enum Key: String, CodingKey {
        case channel, to, from, timestamp, status, text, sms, usage, destination, origin, error, message
        case messageUUID = "message_uuid"
        case messageType = "message_type"
        case clientRef = "client_ref"
        case msisdn
        case messageID = "messageId"
    }

    let messageUUID: String?
    let to: Party?
    let from: Party?
    let text: String?
    let status: String?
    let timestamp: String?
    let clientRef: String?
    let messageType: String?
    /// Whether there is a `text` that is empty: a message without a word is a message.
    let hasEmptyText: Bool
    private let namedChannel: String?
    private let sms: SMS?
    private let priced: Usage?
    private let network: Network?
    private let fault: Fault?
    private let oldMessage: OldMessage?

    /// Reads a body.
    ///
    /// - Parameter body: the raw body.
    /// - Returns: `nil` when it is no JSON object, or is the older SMS API's.
    static func decode(_ body: [UInt8]) -> MessagesPayload? {
        try? JSONDecoder().decode(MessagesPayload.self, from: Data(body))
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        guard !container.contains(.msisdn), !container.contains(.messageID) else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "the older SMS API"))
        }
        messageUUID = container.lenientText(.messageUUID)
        to = container.lenient(.to)
        from = container.lenient(.from)
        text = container.lenientText(.text)
        hasEmptyText = text == nil && container.contains(.text)
        status = container.lenientText(.status)
        timestamp = container.lenientText(.timestamp)
        clientRef = container.lenientText(.clientRef)
        messageType = container.lenientText(.messageType)
        namedChannel = container.lenientText(.channel)
        sms = container.lenient(.sms)
        priced = container.lenient(.usage)
        network = container.lenient(.destination) ?? container.lenient(.origin)
        fault = container.lenient(.error)
        oldMessage = container.lenient(.message)
    }

    /// The channel; what names none is taken for an SMS.
    var channel: String { (namedChannel ?? from?.channel ?? to?.channel ?? "sms").lowercased() }

    /// What it says, whichever version it is.
    var content: String? { text ?? oldMessage?.content?.text }

    /// Whether there is a message in it, even an empty or a picture one.
    var hasMessage: Bool {
        content != nil || hasEmptyText || oldMessage != nil || (messageType != nil && status == nil)
    }

    /// Which version it is.
    var format: VonageFormat {
        from?.isObject == true || to?.isObject == true || oldMessage != nil ? .messagesV01 : .messagesV1
    }

    /// The first word as the provider made it.
    var keyword: String? { sms?.keyword ?? oldMessage?.sms?.keyword }

    /// Of how many SMS it was put together, or how many it took.
    var segments: Int? {
        (sms?.countTotal ?? sms?.numMessages ?? oldMessage?.sms?.numMessages).flatMap { Int($0) }
    }

    /// What it cost.
    var usage: VonageUsage? { priced.map { VonageUsage(currency: $0.currency, price: $0.price) } }

    /// The network of the other side.
    var networkCode: String? { network?.code }

    /// Why it was not delivered: the code is a number, in `title` (v1, as number or text), in `code` (v0.1), or at the end
    /// of `type`.
    var problem: VonageStatusReport.Problem? {
        guard let fault else { return nil }
        let isNumber = { (text: String) in text.utf8.allSatisfy { (48...57).contains($0) } }
        let fragment = fault.type.flatMap { type in
            type.lastIndex(of: "#").map { String(type[type.index(after: $0)...]) }
        }
        let code = fault.code ?? fault.title.flatMap { isNumber($0) ? $0 : nil } ?? fragment ?? fault.title
        return VonageStatusReport.Problem(
            code: code ?? "unknown",
            title: fault.title == code ? nil : fault.title,
            detail: fault.detail ?? fault.reason,
            instance: fault.instance
        )
    }
}
