import Contracts

/// The JSON of the Messages API, v1 and v0.1, inbound and status in one: each member optional and of the wrong type at will.
///
/// The provider's own schemas disagree on many of them: `error.title` is `1000` in older payloads and `"1000"` in the newest.
struct MessagesPayload: Sendable {
    /// A party: text in v1, `{type, number}` in v0.1.
    struct Party: Sendable {
        let channel: String?
        let number: String?

        fileprivate init(_ value: JSONValue) {
            if case .object(let members) = value {
                channel = members.text("type")
                number = members.text("number") ?? members.text("id")
            } else {
                channel = nil
                number = value.scalarText.flatMap { $0.isEmpty ? nil : $0 }
            }
        }
    }

    private let members: [String: JSONValue]
    let to: Party?
    let from: Party?

    /// Reads a body that is a JSON object.
    ///
    /// - Returns: `nil` when it is the older SMS API's.
    init?(_ members: [String: JSONValue]) {
        guard members["msisdn"] == nil, members["messageId"] == nil else { return nil }
        self.members = members
        to = members["to"].map(Party.init)
        from = members["from"].map(Party.init)
    }

    var messageUUID: String? { members.text("message_uuid") }
    var text: String? { members.text("text") }
    var status: String? { members.text("status") }
    var timestamp: String? { members.text("timestamp") }
    var clientRef: String? { members.text("client_ref") }
    var messageType: String? { members.text("message_type") }

    /// The channel; what names none is taken for an SMS.
    var channel: String { (members.text("channel") ?? from?.channel ?? to?.channel ?? "sms").lowercased() }

    /// What it says, whichever version it is.
    var content: String? { text ?? oldMessage?["content"]?.members?.text("text") }

    /// Whether there is a message in it, even an empty or a picture one.
    var hasMessage: Bool {
        content != nil || members["text"] != nil || oldMessage != nil || (messageType != nil && status == nil)
    }

    /// The first word as the provider made it.
    var keyword: String? { sms?.text("keyword") ?? oldMessage?["sms"]?.members?.text("keyword") }

    /// Of how many SMS it was put together, or how many it took.
    var segments: Int? {
        let old = oldMessage?["sms"]?.members?.text("num_messages")
        return (sms?.text("count_total") ?? sms?.text("total_count") ?? sms?.text("num_messages") ?? old)
            .flatMap { Int($0) }
    }

    /// What it cost.
    var usage: Usage? {
        members["usage"]?.members.map { Usage(currency: $0.text("currency"), vonagePrice: $0.text("price")) }
    }

    /// The network of the other side.
    var networkCode: String? {
        (members["destination"]?.members ?? members["origin"]?.members)?.text("network_code")
    }

    /// Why it was not delivered: the code is a number, in `title` (v1, as number or text), in `code` (v0.1), or at the end
    /// of `type`.
    var error: ReceiptError? {
        guard let fault = members["error"]?.members else { return nil }
        let isNumber = { (text: String) in text.utf8.allSatisfy { (48...57).contains($0) } }
        let title = fault.text("title")
        let fragment = fault.text("type").flatMap { type in
            type.lastIndex(of: "#").map { String(type[type.index(after: $0)...]) }
        }
        let code = fault.text("code") ?? title.flatMap { isNumber($0) ? $0 : nil } ?? fragment ?? title
        return ReceiptError(
            code: code ?? "unknown",
            title: title == code ? nil : title,
            detail: fault.text("detail") ?? fault.text("reason"),
            instance: fault.text("instance")
        )
    }

    private var sms: [String: JSONValue]? { members["sms"]?.members }

    private var oldMessage: [String: JSONValue]? { members["message"]?.members }
}

extension [String: JSONValue] {
    /// A member as text, also where it comes as a number or a truth value; an empty string counts as missing.
    func text(_ name: String) -> String? {
        guard let text = self[name]?.scalarText, !text.isEmpty else { return nil }
        return text
    }
}
