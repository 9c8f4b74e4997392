import Contracts

/// A webhook's body, read by its content: content types have been missing, or wrong, or with a wrong charset.
enum WebhookBody {
    /// A JSON object.
    case json([String: JSONValue])
    /// A form, or nothing.
    case form(FormParameters)

    /// Reads what is proved of a webhook.
    init(_ webhook: VerifiedWebhook) {
        self.init(method: webhook.method, body: webhook.body)
    }

    /// Reads a body; a `GET` has none.
    init(method: String, body: [UInt8]) {
        guard method != "GET" else {
            self = .form(FormParameters(""))
            return
        }
        let body = Self.utf8(body)
        let first = body.first { $0 > 0x20 }
        if first == UInt8(ascii: "{"), case .object(let members)? = try? JSONValue(repairing: body) {
            self = .json(members)
        } else {
            self = .form(FormParameters(String(decoding: body, as: UTF8.self)))
        }
    }

    /// The flat parameters of the older SMS API, whichever way the account has them sent: the query, and the body, which wins.
    func parameters(query: String) -> [String: String] {
        let values = FormParameters(query).values
        let inBody =
            switch self {
            case .json(let members): members.compactMapValues(\.scalarText)
            case .form(let parameters): parameters.values
            }
        return values.merging(inBody) { _, body in body }
    }

    /// The body without a byte order mark, and in UTF-8 where its mark says that it is UTF-16.
    private static func utf8(_ body: [UInt8]) -> [UInt8] {
        if body.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(body.dropFirst(3)) }
        let isBigEndian = body.starts(with: [0xFE, 0xFF])
        guard isBigEndian || body.starts(with: [0xFF, 0xFE]) else { return body }
        let units = stride(from: 2, to: body.count - 1, by: 2).map { index in
            let (high, low) = isBigEndian ? (body[index], body[index + 1]) : (body[index + 1], body[index])
            return UInt16(high) << 8 | UInt16(low)
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)
    }
}
