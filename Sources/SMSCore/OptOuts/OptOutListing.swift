import Contracts

/// An entry of the suppression list as `GET /opt-outs` and `opt-outs list --json` show it.
package struct OptOutListing: Hashable, Sendable, Encodable {
    package let number: String
    package let sender: String
    package let source: String
    package let keyword: String?
    package let messageUUID: String?
    /// RFC 3339.
    package let timestamp: String

    /// How an entry is shown.
    package init(_ optOut: OptOut) {
        number = optOut.number
        sender = optOut.sender
        source = optOut.source.rawValue
        keyword = optOut.keyword
        messageUUID = optOut.messageUUID
        timestamp = optOut.at.rfc3339
    }

    private enum CodingKeys: String, CodingKey {
        case number, sender, source, keyword, timestamp
        case messageUUID = "message_uuid"
    }
}
